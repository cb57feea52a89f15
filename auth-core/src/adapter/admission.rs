//! From the decision to the guard.

use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use pin_project_lite::pin_project;

use crate::guard::Guard;
use crate::refusal::Refusal;

pin_project! {
    /// A decision on its way to become a [`Guard`] of policy `P`. The decision is the same code for all
    /// handlers that accept the same schemes; only this thin shell exists once for each handler, which
    /// is what keeps the build of many handlers short.
    pub struct Admission<P, F> {
        #[pin]
        decision: F,
        policy: PhantomData<fn() -> P>,
    }
}

impl<P, F> Admission<P, F> {
    pub(crate) fn new(decision: F) -> Self {
        Self {
            decision,
            policy: PhantomData,
        }
    }
}

impl<P, W, A, F: Future<Output = Result<(W, A), Refusal>>> Future for Admission<P, F> {
    type Output = Result<Guard<P, W, A>, Refusal>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().decision.poll(cx) {
            Poll::Ready(Ok(admitted)) => Poll::Ready(Ok(Guard::admit(admitted))),
            Poll::Ready(Err(refusal)) => Poll::Ready(Err(refusal)),
            Poll::Pending => Poll::Pending,
        }
    }
}
