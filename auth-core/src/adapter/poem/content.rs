//! Bodies of poem that a guard can look into.

use core::pin::Pin;
use core::task::{Context, Poll};
use std::io;
use std::sync::{Mutex, PoisonError};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::combinators::BoxBody;
use poem::http::Extensions;
use poem::http::request::Parts;
use poem::{Body, Request, RequestBody, Response};

use super::refusal::answered;
use super::request::sent_uri;
use crate::exchange::{Exchange, GuardedBody};

/// Begins an exchange: with the content of the request, if a guard may have to see that.
pub(super) fn show(request: &mut Request, with_content: bool) -> Exchange {
    let mut parts = head(request);
    parts.headers = core::mem::take(request.headers_mut());
    parts.extensions = core::mem::take(request.extensions_mut());
    let exchange = if with_content {
        let mut body = visible(request.take_body());
        let exchange = Exchange::of(&mut parts, &mut body);
        request.set_body(hidden(body));
        exchange
    } else {
        Exchange::of_head(&mut parts)
    };
    *request.headers_mut() = parts.headers;
    *request.extensions_mut() = parts.extensions;
    exchange
}

/// The extensions of the request, and beside them its content.
pub(super) fn beside(request: &Request, body: &mut RequestBody) -> Extensions {
    let mut parts = head(request);
    parts.headers = request.headers().clone();
    parts.extensions = request.extensions().clone();
    if let Ok(content) = body.take() {
        let mut content = visible(content);
        Exchange::of(&mut parts, &mut content);
        *body = RequestBody::new(hidden(content));
    }
    parts.extensions
}

/// As it was sent, without its fields.
fn head(request: &Request) -> Parts {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.method = request.method().clone();
    parts.uri = sent_uri(request).clone();
    parts
}

/// Adds what the guard says to the answer.
pub(super) async fn complete(exchange: Exchange, response: Response) -> Response {
    let (parts, body) = response.into_parts();
    let mut answer = http::Response::new(visible(body));
    *answer.status_mut() = parts.status;
    *answer.version_mut() = parts.version;
    *answer.headers_mut() = parts.headers;
    *answer.extensions_mut() = parts.extensions;
    answered(exchange.complete(answer).await.map(hidden))
}

fn visible(body: Body) -> GuardedBody {
    GuardedBody::new(BoxBody::<Bytes, io::Error>::from(body))
}

fn hidden(body: GuardedBody) -> Body {
    BoxBody::new(Shared(Mutex::new(body))).into()
}

/// Poem's bodies are `Sync`: this one is by a lock that nobody waits for, since whoever reads has it alone.
struct Shared(Mutex<GuardedBody>);

impl http_body::Body for Shared {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        let body = self.0.get_mut().unwrap_or_else(PoisonError::into_inner);
        let frame = http_body::Body::poll_frame(Pin::new(body), cx);
        frame.map(|frame| frame.map(|frame| frame.map_err(as_io)))
    }

    fn is_end_stream(&self) -> bool {
        self.look(http_body::Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.look(http_body::Body::size_hint)
    }
}

impl Shared {
    fn look<T>(&self, at: impl FnOnce(&GuardedBody) -> T) -> T {
        at(&self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

fn as_io(error: Box<dyn core::error::Error + Send + Sync>) -> io::Error {
    match error.downcast() {
        Ok(error) => *error,
        Err(error) => io::Error::other(error),
    }
}
