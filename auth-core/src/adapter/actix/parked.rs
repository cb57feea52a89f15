//! The payload of a request while its guard has not passed.

use core::cell::Cell;
use core::pin::Pin;
use core::task::{Context, Poll, Waker};
use std::io;
use std::rc::Rc;

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use bytes::Bytes;
use futures_core::Stream;

/// Takes the payload away from the other extractors, and leaves one in its place that gives nothing before
/// [`Parked::release`], and nothing but an error if the guard does not pass. A request without one pays nothing.
pub(super) fn park(payload: &mut Payload) -> Option<Parked> {
    if matches!(payload, Payload::None) {
        return None;
    }
    let place = Rc::new(Cell::new(Place::Waiting(payload.take(), None)));
    *payload = Payload::Stream {
        payload: Box::pin(Stand(Rc::clone(&place))),
    };
    Some(Parked(place))
}

#[derive(Default)]
enum Place {
    /// The guard has not decided; who waits for it.
    Waiting(Payload, Option<Waker>),
    /// It has passed.
    Open(Payload),
    /// It did not; or the payload panicked.
    #[default]
    Gone,
}

/// The guard's end. Dropped before it passes, it takes the payload with it, unread.
pub(super) struct Parked(Rc<Cell<Place>>);

impl Parked {
    /// The guard has passed.
    pub(super) fn release(self) {
        if let Place::Waiting(payload, waiting) = self.0.take() {
            self.0.set(Place::Open(payload));
            if let Some(waiting) = waiting {
                waiting.wake();
            }
        }
    }
}

impl Drop for Parked {
    fn drop(&mut self) {
        match self.0.take() {
            open @ Place::Open(_) => self.0.set(open),
            Place::Waiting(_, Some(waiting)) => waiting.wake(),
            Place::Waiting(_, None) | Place::Gone => {}
        }
    }
}

/// What the other extractors get.
struct Stand(Rc<Cell<Place>>);

impl Stream for Stand {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        // Out of its place while it runs, so that nothing here can be borrowed twice.
        match self.0.take() {
            Place::Waiting(payload, _) => {
                let waiting = Some(cx.waker().clone());
                self.0.set(Place::Waiting(payload, waiting));
                Poll::Pending
            }
            Place::Open(mut payload) => {
                let polled = Pin::new(&mut payload).poll_next(cx);
                self.0.set(Place::Open(payload));
                polled
            }
            Place::Gone => {
                let refused = io::Error::other("the request was refused");
                Poll::Ready(Some(Err(PayloadError::Io(refused))))
            }
        }
    }
}
