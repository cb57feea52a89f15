//! Which bodies a guard can see.
//!
//! The adapters for `http` and tower take requests of any body type, most of which no guard can look into. Those that one
//! can are told by their type, so that all others need no bound and pay nothing.

use core::any::{Any, TypeId};
use core::future::poll_fn;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};

use bytes::Bytes;
use http_body::Body as _;
use http_body_util::Full;

use super::{Content, GuardedBody};

/// A request's body whose content a guard can see: a [`GuardedBody`], a body that is here as a whole (`Bytes`, `()`), or
/// with feature `axum` that of axum. No other type can be one: map it to a [`GuardedBody`].
///
/// ```compile_fail,E0277
/// struct Upload;
/// impl auth_core::http::VisibleBody for Upload {}
/// ```
#[diagnostic::on_unimplemented(
    message = "a guard cannot see the content of a `{Self}`",
    label = "the policy offers `auth-int`, whose digest covers the content",
    note = "map the requests once, where the server receives them: `request.map(auth_core::http::GuardedBody::new)`"
)]
pub trait VisibleBody: known::Known + Send + 'static {}

impl VisibleBody for GuardedBody {}
impl VisibleBody for Bytes {}
impl VisibleBody for () {}
#[cfg(feature = "axum")]
impl VisibleBody for axum_core::body::Body {}

/// The types that [`show`] knows. Another one would compile, and be answered 500.
mod known {
    pub trait Known {}

    impl Known for super::GuardedBody {}
    impl Known for bytes::Bytes {}
    impl Known for () {}
    #[cfg(feature = "axum")]
    impl Known for axum_core::body::Body {}
}

/// Whether a type is a [`VisibleBody`].
pub(crate) fn is_visible<B: 'static>() -> bool {
    let visible = [
        TypeId::of::<GuardedBody>(),
        TypeId::of::<Bytes>(),
        TypeId::of::<()>(),
        #[cfg(feature = "axum")]
        TypeId::of::<axum_core::body::Body>(),
    ];
    visible.contains(&TypeId::of::<B>())
}

/// Lets a guard see the content of a request's body.
pub(super) fn show(body: &mut (dyn Any + Send)) -> Content {
    if let Some(body) = body.downcast_mut::<GuardedBody>() {
        return shown(body);
    }
    #[cfg(feature = "axum")]
    if let Some(body) = body.downcast_mut::<axum_core::body::Body>() {
        // Most requests have none, and pay for none.
        if body.is_end_stream() {
            return Content::Whole(Bytes::new());
        }
        let mut guarded = GuardedBody::new(core::mem::take(body));
        let content = shown(&mut guarded);
        *body = axum_core::body::Body::new(guarded);
        return content;
    }
    if let Some(content) = body.downcast_ref::<Bytes>() {
        return Content::Whole(content.clone());
    }
    if body.is::<()>() {
        return Content::Whole(Bytes::new());
    }
    Content::OutOfSight
}

fn shown(body: &mut GuardedBody) -> Content {
    if body.is_end_stream() {
        Content::Whole(Bytes::new())
    } else {
        Content::Parked(body.park())
    }
}

/// The content of an answer's body, if its length is known and not above the limit. The body gives the same afterwards:
/// also if it breaks off, or is longer than it said.
pub(super) async fn content_of(body: &mut (dyn Any + Send), limit: usize) -> Option<Bytes> {
    if let Some(body) = body.downcast_mut::<GuardedBody>() {
        return read(body, limit).await;
    }
    #[cfg(feature = "axum")]
    if let Some(body) = body.downcast_mut::<axum_core::body::Body>() {
        fits(body, limit)?;
        let mut guarded = GuardedBody::new(core::mem::take(body));
        let content = read(&mut guarded, limit).await;
        *body = match guarded.only_content() {
            Some(content) => content.into(),
            None => axum_core::body::Body::new(guarded),
        };
        return content;
    }
    let whole = if let Some(content) = body.downcast_ref::<Bytes>() {
        content.clone()
    } else if let Some(content) = body.downcast_ref::<Vec<u8>>() {
        Bytes::copy_from_slice(content.get(..).filter(|whole| whole.len() <= limit)?)
    } else if let Some(body) = body.downcast_ref::<Full<Bytes>>() {
        content_of_full(body.clone())
    } else {
        return None;
    };
    (whole.len() <= limit).then_some(whole)
}

async fn read(body: &mut GuardedBody, limit: usize) -> Option<Bytes> {
    fits(body, limit)?;
    poll_fn(|cx| body.poll_content(cx, limit)).await.ok()
}

/// A stream of unknown length may never end: it is not waited for.
fn fits(body: &impl http_body::Body, limit: usize) -> Option<()> {
    let exact = body.size_hint().exact()?;
    (exact <= u64::try_from(limit).unwrap_or(u64::MAX)).then_some(())
}

/// It is ready at once, and has one frame at most.
fn content_of_full(mut body: Full<Bytes>) -> Bytes {
    let mut cx = Context::from_waker(Waker::noop());
    match Pin::new(&mut body).poll_frame(&mut cx) {
        Poll::Ready(Some(Ok(frame))) => frame.into_data().unwrap_or_default(),
        _ => Bytes::new(),
    }
}
