//! What Digest needs of a hoop.

use core::mem::take;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::{Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http::HeaderMap;
use http::header::{CONTENT_LENGTH, TRANSFER_ENCODING};
use http::response::Parts;
use http_body::{Body, Frame, SizeHint};
use salvo_core::handler::Handler;
use salvo_core::http::{ReqBody, Request, ResBody, Response, StatusCode};
use salvo_core::routing::FlowCtrl;
use salvo_core::{Depot, async_trait};

use crate::exchange::{Exchange, GuardedBody};

/// Shows guards of Digest (RFC 7616) what an extractor cannot see, and adds what they say to the answer:
///
/// - the content of the request, which `auth-int` covers. It is read if a guard asks for it, up to the limit of the
///   verifier, and the handler gets it as it was sent;
/// - the target as the client sent it, where hoops behind this one rewrite it;
/// - `Authentication-Info` in the answer to an admitted request. With `auth-int` that covers the content of the answer, if it
///   is here as a whole; a stream goes on as it is, without the field.
///
/// It is added once, around all handlers that need it. Without it, `auth-int` is answered 500, and `auth` works without
/// `Authentication-Info`:
///
/// ```
/// use auth_core::Registry;
/// use auth_core::salvo::DigestHoop;
/// use salvo_core::routing::Router;
///
/// # fn example(registry: Registry, handlers: Router) -> Router {
/// Router::new().hoop(registry).hoop(DigestHoop::new()).push(handlers)
/// # }
/// ```
///
/// Hoops that change bodies belong behind it: what the client sent is what its digest covers, and what the client gets is
/// what `Authentication-Info` covers.
#[derive(Clone, Copy, Debug, Default)]
pub struct DigestHoop(());

impl DigestHoop {
    /// The hoop. Each request pays for it with a few small allocations, whether a guard of Digest looks at it or not.
    #[must_use]
    pub const fn new() -> Self {
        Self(())
    }
}

#[async_trait]
impl Handler for DigestHoop {
    async fn handle(
        &self,
        request: &mut Request,
        depot: &mut Depot,
        response: &mut Response,
        ctrl: &mut FlowCtrl,
    ) {
        let exchange = begin(request);
        ctrl.call_next(request, depot, response).await;
        complete(exchange, response).await;
    }
}

fn begin(request: &mut Request) -> Exchange {
    let (mut parts, ()) = http::Request::new(()).into_parts();
    parts.method = request.method().clone();
    parts.uri = request.uri().clone();
    parts.headers = take(request.headers_mut());
    parts.extensions = take(request.extensions_mut());
    let exchange = match request.body() {
        // A hoop outside has read it, and the request remembers what was in it: that is lost if the body is replaced.
        ReqBody::None if announces_content(&parts.headers) => Exchange::of_head(&mut parts),
        ReqBody::None => Exchange::of(&mut parts, &mut ()),
        _ => {
            let mut body = GuardedBody::new(request.take_body());
            let exchange = Exchange::of(&mut parts, &mut body);
            request.replace_body(ReqBody::Boxed {
                inner: Box::pin(Shareable(Mutex::new(body))),
                fuse_config: None,
            });
            exchange
        }
    };
    *request.headers_mut() = parts.headers;
    *request.extensions_mut() = parts.extensions;
    exchange
}

fn announces_content(fields: &HeaderMap) -> bool {
    let length = fields.get(CONTENT_LENGTH);
    fields.contains_key(TRANSFER_ENCODING) || length.is_some_and(|length| length != "0")
}

async fn complete(exchange: Exchange, response: &mut Response) {
    let (mut parts, ()) = http::Response::new(()).into_parts();
    parts.status = response.status_code.unwrap_or_default();
    parts.headers = take(&mut response.headers);
    parts.extensions = take(&mut response.extensions);
    let Parts {
        headers,
        extensions,
        ..
    } = match content(response) {
        Some(content) => completed(exchange, parts, content).await,
        None => completed(exchange, parts, ()).await,
    };
    response.headers = headers;
    response.extensions = extensions;
}

/// The content of an answer, if it is here. That of an error without one is written by the catcher, behind us.
fn content(response: &Response) -> Option<Bytes> {
    let status = response.status_code.unwrap_or(StatusCode::OK);
    let is_error = status.is_client_error() || status.is_server_error();
    match &response.body {
        ResBody::Once(content) => Some(content.clone()),
        ResBody::None if !is_error => Some(Bytes::new()),
        _ => None,
    }
}

async fn completed<B: Send + 'static>(exchange: Exchange, parts: Parts, body: B) -> Parts {
    let response = http::Response::from_parts(parts, body);
    exchange.complete(response).await.into_parts().0
}

/// salvo asks for bodies that threads can share. Nobody does, so nobody waits here.
struct Shareable(Mutex<GuardedBody>);

impl Shareable {
    fn lock(&self) -> MutexGuard<'_, GuardedBody> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Body for Shareable {
    type Data = Bytes;
    type Error = <GuardedBody as Body>::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        Pin::new(&mut *self.lock()).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.lock().is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.lock().size_hint()
    }
}
