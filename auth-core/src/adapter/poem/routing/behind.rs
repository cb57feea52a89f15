//! Endpoints behind a guard.

use core::future::Future;
use core::marker::PhantomData;
use core::panic::Location;

use poem::{Endpoint, IntoResponse, Request, Response, Result};

use super::handler::Decides;
use crate::adapter::decided::{FirstArgument, Key, Keyed, Sealed, ServiceGuard};
use crate::adapter::endpoint::Decision;
use crate::adapter::poem::shown::Needs;
use crate::guard::{Guard, Wanted as _};
use crate::refusal::Refusal;

/// A state that can check what `P` demands.
pub trait Guards<P> {
    /// The state.
    type State;

    /// What is demanded.
    const DECISION: Decision;

    #[doc(hidden)]
    fn admit(
        state: &Self::State,
        request: &mut Request,
        _: Sealed,
    ) -> impl Future<Output = core::result::Result<(), Refusal>> + Send;

    /// Says that it is needed.
    #[doc(hidden)]
    fn mount(state: &Self::State, place: &'static Location<'static>, _: Sealed);
}

impl<S, P> Guards<P> for Key<S>
where
    S: Sync,
    P: ServiceGuard,
    Guard<P::Policy, P::Identity>: Decides<S>,
{
    type State = S;

    const DECISION: Decision = <Guard<P::Policy, P::Identity> as FirstArgument>::DECISION;

    async fn admit(
        state: &S,
        request: &mut Request,
        sealed: Sealed,
    ) -> core::result::Result<(), Refusal> {
        let guard = Guard::<P::Policy, P::Identity>::decide(state, request, sealed).await?;
        guard.identity.hand_on(request.extensions_mut());
        Ok(())
    }

    fn mount(state: &S, place: &'static Location<'static>, sealed: Sealed) {
        Guard::<P::Policy, P::Identity>::mount(state, place, sealed);
    }
}

/// An endpoint that gets the requests which a guard admits.
pub(super) struct GuardedEndpoint<S, P, E> {
    state: S,
    endpoint: E,
    guard: PhantomData<fn() -> P>,
}

impl<S, P, E> GuardedEndpoint<S, P, E>
where
    S: Keyed<Key: Guards<P, State = S>>,
{
    #[track_caller]
    pub(super) fn new(state: S, endpoint: E) -> Self {
        S::Key::mount(&state, Location::caller(), Sealed::YES);
        Self {
            state,
            endpoint,
            guard: PhantomData,
        }
    }
}

impl<S, P, E> Endpoint for GuardedEndpoint<S, P, E>
where
    S: Keyed<Key: Guards<P, State = S>>,
    P: 'static,
    E: Endpoint,
{
    type Output = Response;

    async fn call(&self, mut request: Request) -> Result<Response> {
        let shown = Needs::of(S::Key::DECISION).show(&mut request);
        S::Key::admit(&self.state, &mut request, Sealed::YES).await?;
        let answer = self.endpoint.call(request).await?;
        Ok(shown.complete(answer.into_response()).await)
    }
}
