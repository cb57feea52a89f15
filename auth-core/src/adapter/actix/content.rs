//! The content of a request, for a guard that has to see it.
//!
//! Payloads of actix-web stay in the thread of their worker, and decisions may not ask for that. So a guard reads from a
//! body that may go anywhere, and whoever waits for the guard fills it from the payload.

use core::cell::Cell;
use core::future::{Future, poll_fn};
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker, ready};
use std::io;
use std::rc::Rc;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_core::Stream;
use http_body::{Body, Frame};

use crate::exchange::GuardedBody;

/// A body for the guard, and what fills it; the payload is gone then.
pub(super) fn share(payload: &mut Payload) -> (GuardedBody, Option<Shared>) {
    if matches!(payload, Payload::None) {
        return (GuardedBody::default(), None);
    }
    let pipe = Pipe::default();
    let shared = Shared {
        source: Rc::new(Cell::new(Some(payload.take()))),
        pipe: pipe.clone(),
    };
    (GuardedBody::new(pipe), Some(shared))
}

/// Fills the body from the payload.
#[derive(Clone)]
pub(super) struct Shared {
    /// Out of its place while it is read: what panicked must not be taken for its end.
    source: Rc<Cell<Option<Payload>>>,
    pipe: Pipe,
}

impl Shared {
    /// Puts this body in the place of the payload.
    pub(super) fn stand_in_for(&self, payload: &mut Payload, body: GuardedBody) {
        let shared = self.clone();
        *payload = Payload::Stream {
            payload: Box::pin(Refilled { body, shared }),
        };
    }

    /// Waits for a decision, and gives it what it reads.
    pub(super) async fn given_to<D: Future>(&self, decision: D) -> D::Output {
        let mut decision = pin!(decision);
        poll_fn(|cx| {
            loop {
                if let Poll::Ready(decided) = decision.as_mut().poll(cx) {
                    return Poll::Ready(decided);
                }
                ready!(self.poll_fill(cx));
            }
        })
        .await
    }

    /// Moves one piece, if somebody waits for one.
    fn poll_fill(&self, cx: &mut Context<'_>) -> Poll<()> {
        if !matches!(*self.pipe.lock(), Content::Wanted(_)) {
            return Poll::Pending;
        }
        let Some(mut payload) = self.source.take() else {
            let lost = PayloadError::Incomplete(None);
            self.pipe.put(Content::Here(Some(Err(lost))));
            return Poll::Ready(());
        };
        let polled = Pin::new(&mut payload).poll_next(cx);
        self.source.set(Some(payload));
        let piece = ready!(polled);
        self.pipe.put(Content::Here(piece));
        Poll::Ready(())
    }
}

/// What the guard reads from.
#[derive(Clone, Default)]
struct Pipe(Arc<Mutex<Content>>);

#[derive(Default)]
enum Content {
    #[default]
    Unasked,
    Wanted(Waker),
    Here(Option<Result<Bytes, PayloadError>>),
}

impl Pipe {
    fn lock(&self) -> MutexGuard<'_, Content> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn put(&self, content: Content) {
        let before = core::mem::replace(&mut *self.lock(), content);
        if let Content::Wanted(waiting) = before {
            waiting.wake();
        }
    }
}

impl Body for Pipe {
    type Data = Bytes;
    type Error = PayloadError;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, PayloadError>>> {
        let mut content = self.lock();
        match core::mem::take(&mut *content) {
            Content::Here(piece) => Poll::Ready(piece.map(|piece| piece.map(Frame::data))),
            Content::Unasked | Content::Wanted(_) => {
                *content = Content::Wanted(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

/// What was read for the guard, and then the rest.
struct Refilled {
    body: GuardedBody,
    shared: Shared,
}

impl Stream for Refilled {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let this = self.get_mut();
        loop {
            match Pin::new(&mut this.body).poll_frame(cx) {
                // actix-web has no trailers.
                Poll::Ready(Some(Ok(frame))) => {
                    if let Ok(data) = frame.into_data() {
                        return Poll::Ready(Some(Ok(data)));
                    }
                }
                Poll::Ready(Some(Err(error))) => {
                    let error = match error.downcast::<PayloadError>() {
                        Ok(error) => *error,
                        Err(error) => PayloadError::Io(io::Error::other(error)),
                    };
                    return Poll::Ready(Some(Err(error)));
                }
                Poll::Ready(None) => return Poll::Ready(None),
                Poll::Pending => ready!(this.shared.poll_fill(cx)),
            }
        }
    }
}
