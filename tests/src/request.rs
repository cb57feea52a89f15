//! Requests in a line, and a body that tells whether it was read.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll};

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Request};
use http_body::{Body as HttpBody, Frame};

/// A request body that remembers whether it was polled.
pub struct Probe {
    content: Option<Bytes>,
    polled: Arc<AtomicBool>,
}

/// Tells whether the [`Probe`] was polled.
#[derive(Clone)]
pub struct Polled(Arc<AtomicBool>);

impl Polled {
    #[must_use]
    pub fn get(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl Probe {
    #[must_use]
    pub fn new(content: &'static str) -> (Self, Polled) {
        let polled = Arc::new(AtomicBool::new(false));
        let probe = Self {
            content: Some(Bytes::from_static(content.as_bytes())),
            polled: Arc::clone(&polled),
        };
        (probe, Polled(polled))
    }
}

impl HttpBody for Probe {
    type Data = Bytes;
    type Error = std::convert::Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        self.polled.store(true, Ordering::SeqCst);
        Poll::Ready(self.content.take().map(|content| Ok(Frame::data(content))))
    }
}

/// `POST path` with these header fields and a probing body.
#[must_use]
pub fn post(
    path: &str,
    fields: &[(&str, &[u8])],
    content: &'static str,
) -> (Request<axum::body::Body>, Polled) {
    let (probe, polled) = Probe::new(content);
    let mut request = Request::post(path)
        .header("host", "localhost")
        .header("content-type", "application/json")
        .body(axum::body::Body::new(probe))
        .unwrap();
    for (name, value) in fields {
        request.headers_mut().append(
            HeaderName::from_bytes(name.as_bytes()).unwrap(),
            HeaderValue::from_bytes(value).unwrap(),
        );
    }
    (request, polled)
}
