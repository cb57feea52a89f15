//! A body that a guard can see.

use core::fmt;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt as _;

use super::ContentProblem;
pub(super) use super::read::BoxError;
use super::read::ReadAhead;

/// A body whose content a guard can see before the handler gets it: what `auth-int` of Digest needs (RFC 7616 §3.4.3).
///
/// Without a framework, or with tower alone, the server maps its requests once, and handlers take
/// `Request<GuardedBody>`:
///
/// ```
/// use auth_core::http::{Guarded, GuardedBody};
/// use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
/// use http::{Request, Response};
/// # use bytes::Bytes;
///
/// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// #[requires_auth(scheme = "Bearer", realm = "API")]
/// async fn hello(_request: Request<GuardedBody>) -> Response<GuardedBody> {
///     Response::new("hello".into())
/// }
///
/// # async fn example(app: std::sync::Arc<App>, received: Request<http_body_util::Full<Bytes>>) {
/// let hello = Guarded::new(app, hello);
/// let answer = hello.call(received.map(GuardedBody::new)).await;
/// # }
/// ```
///
/// The guard reads it if it has to, up to the limit of its verifier, and never otherwise. The handler gets it as it was
/// sent, with its trailers, whether the guard has read it or not; in one frame then, where it came in several. A body that
/// breaks off breaks off for the handler too.
///
/// Content codings are part of what is covered: a layer that decompresses bodies belongs behind the guard.
///
/// As the body of an answer it can be read ahead likewise, so that `Authentication-Info` can cover it.
#[derive(Default)]
pub struct GuardedBody(Kind);

enum Kind {
    Own(ReadAhead),
    Parked(Handle),
}

impl Default for Kind {
    fn default() -> Self {
        Self::Own(ReadAhead::default())
    }
}

impl GuardedBody {
    /// Shows this body.
    pub fn new<B>(body: B) -> Self
    where
        B: Body<Data = Bytes, Error: Into<BoxError>> + Send + 'static,
    {
        if body.is_end_stream() {
            return Self::default();
        }
        Self::own(ReadAhead::new(body.map_err(Into::into).boxed_unsync()))
    }

    fn own(body: ReadAhead) -> Self {
        Self(Kind::Own(body))
    }

    /// Leaves in its place a body that gives the same, and returns what a guard can read it by.
    pub(super) fn park(&mut self) -> Parked {
        let body = match core::mem::take(&mut self.0) {
            Kind::Own(body) => body,
            // Behind two layers: each has its own.
            parked @ Kind::Parked(_) => ReadAhead::new(Self(parked).boxed_unsync()),
        };
        let parked = Parked(Arc::new(Mutex::new(body)));
        self.0 = Kind::Parked(Handle(parked.clone()));
        parked
    }

    /// All of it, which stays here as well.
    pub(super) fn poll_content(
        &mut self,
        cx: &mut Context<'_>,
        limit: usize,
    ) -> Poll<Result<Bytes, ContentProblem>> {
        match &mut self.0 {
            Kind::Own(body) => body.poll_content(cx, limit),
            Kind::Parked(Handle(parked)) => parked.poll_content(cx, limit),
        }
    }

    /// Its content, if that is all there is of it and was read.
    #[cfg(feature = "axum")]
    pub(super) fn only_content(&mut self) -> Option<Bytes> {
        match &mut self.0 {
            Kind::Own(body) => body.only_content(),
            Kind::Parked(_) => None,
        }
    }
}

impl Body for GuardedBody {
    type Data = Bytes;
    type Error = BoxError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, BoxError>>> {
        match &mut self.get_mut().0 {
            Kind::Own(body) => body.poll_frame(cx),
            Kind::Parked(Handle(parked)) => parked.lock().poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Own(body) => body.is_end_stream(),
            Kind::Parked(Handle(parked)) => parked.lock().is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Own(body) => body.size_hint(),
            Kind::Parked(Handle(parked)) => parked.lock().size_hint(),
        }
    }
}

/// What a guard reads a body by while the handler does not have it yet.
#[derive(Clone)]
pub(crate) struct Parked(Arc<Mutex<ReadAhead>>);

impl Parked {
    pub(super) fn poll_content(
        &self,
        cx: &mut Context<'_>,
        limit: usize,
    ) -> Poll<Result<Bytes, ContentProblem>> {
        self.lock().poll_content(cx, limit)
    }

    pub(super) fn size_hint(&self) -> SizeHint {
        self.lock().size_hint()
    }

    /// A body that panicked has left its place, and says so to whoever comes next.
    fn lock(&self) -> MutexGuard<'_, ReadAhead> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The body's own hold on what is parked: when a handler drops the body, what is in it goes with it, though the guard may
/// keep its end until the answer.
struct Handle(Parked);

impl Drop for Handle {
    fn drop(&mut self) {
        // Not within the lock: bodies of others may do anything when they are dropped.
        let body = self.0.lock().forsake();
        drop(body);
    }
}

impl From<Bytes> for GuardedBody {
    fn from(content: Bytes) -> Self {
        Self::own(ReadAhead::whole(content))
    }
}

impl From<Vec<u8>> for GuardedBody {
    fn from(content: Vec<u8>) -> Self {
        Bytes::from(content).into()
    }
}

impl From<String> for GuardedBody {
    fn from(content: String) -> Self {
        Bytes::from(content).into()
    }
}

impl From<&'static str> for GuardedBody {
    fn from(content: &'static str) -> Self {
        Bytes::from_static(content.as_bytes()).into()
    }
}

/// Prints nothing of the content.
impl fmt::Debug for GuardedBody {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardedBody")
    }
}
