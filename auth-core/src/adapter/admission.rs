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
    /// is what keeps the build of many handlers short. `E` is how the framework is told a refusal.
    pub struct Admission<P, F, E = Refusal> {
        #[pin]
        decision: F,
        policy: PhantomData<fn() -> (P, E)>,
    }
}

impl<P, F, E> Admission<P, F, E> {
    pub(crate) fn new(decision: F) -> Self {
        Self {
            decision,
            policy: PhantomData,
        }
    }
}

impl<P, W, A, F, E> Future for Admission<P, F, E>
where
    F: Future<Output = Result<(W, A), Refusal>>,
    E: From<Refusal>,
{
    type Output = Result<Guard<P, W, A>, E>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        match self.project().decision.poll(cx) {
            Poll::Ready(Ok(admitted)) => Poll::Ready(Ok(Guard::admit(admitted))),
            Poll::Ready(Err(refusal)) => Poll::Ready(Err(refusal.into())),
            Poll::Pending => Poll::Pending,
        }
    }
}
