//! Services behind a guard.

use core::convert::Infallible;
use core::fmt;
use core::future::{Future, poll_fn};
use core::marker::PhantomData;
use core::pin::Pin;

use axum::handler::Handler;
use axum::routing::Route;
use axum_core::extract::{FromRequestParts, Request};
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;
use tower_layer::Layer;
use tower_service::Service;

use super::handler::{FirstArgument, Key, Keyed, Sealed};
pub use crate::adapter::decided::ServiceGuard;
use crate::adapter::endpoint::Decision;
use crate::guard::{Guard, Wanted as _};
use crate::refusal::Refusal;

/// A service that axum can put on a route.
pub trait HttpService:
    Service<Request, Error = Infallible, Response: IntoResponse, Future: Send + 'static>
    + Clone
    + Send
    + Sync
    + 'static
{
}

impl<Svc> HttpService for Svc where
    Svc: Service<Request, Error = Infallible, Response: IntoResponse, Future: Send + 'static>
        + Clone
        + Send
        + Sync
        + 'static
{
}

/// A layer that axum can put around a route.
pub trait HttpLayer:
    Layer<
        Route,
        Service: Service<
            Request,
            Response: IntoResponse + 'static,
            Error: Into<Infallible> + 'static,
            Future: Send + 'static,
        > + Clone
                     + Send
                     + Sync
                     + 'static,
    > + Clone
    + Send
    + Sync
    + 'static
{
}

impl<L> HttpLayer for L where
    L: Layer<
            Route,
            Service: Service<
                Request,
                Response: IntoResponse + 'static,
                Error: Into<Infallible> + 'static,
                Future: Send + 'static,
            > + Clone
                         + Send
                         + Sync
                         + 'static,
        > + Clone
        + Send
        + Sync
        + 'static
{
}

/// A state that can check what `P` demands.
pub trait Guards<P> {
    /// The state.
    type State;

    /// What is demanded.
    const DECISION: Decision;

    #[doc(hidden)]
    fn admit(
        parts: &mut Parts,
        state: &Self::State,
        _: Sealed,
    ) -> impl Future<Output = Result<(), Refusal>> + Send;
}

impl<S, P> Guards<P> for Key<S>
where
    S: Sync,
    P: ServiceGuard,
    Guard<P::Policy, P::Identity>: FromRequestParts<S, Rejection = Refusal>,
{
    type State = S;

    const DECISION: Decision = <Guard<P::Policy, P::Identity> as FirstArgument>::DECISION;

    async fn admit(parts: &mut Parts, state: &S, _: Sealed) -> Result<(), Refusal> {
        let guard = Guard::<P::Policy, P::Identity>::from_request_parts(parts, state).await?;
        guard.identity.hand_on(&mut parts.extensions);
        Ok(())
    }
}

/// A service as a handler, so that it is guarded with the state of the router.
pub(super) struct GuardedService<P, Svc> {
    service: Svc,
    guard: PhantomData<fn() -> P>,
}

impl<P, Svc> GuardedService<P, Svc> {
    pub(super) fn new(service: Svc) -> Self {
        Self {
            service,
            guard: PhantomData,
        }
    }
}

impl<P, Svc: Clone> Clone for GuardedService<P, Svc> {
    fn clone(&self) -> Self {
        Self::new(self.service.clone())
    }
}

impl<P, Svc> fmt::Debug for GuardedService<P, Svc> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardedService")
    }
}

impl<P, Svc, S> Handler<(P,), S> for GuardedService<P, Svc>
where
    P: 'static,
    Svc: HttpService,
    S: Keyed<Key: Guards<P, State = S>>,
{
    type Future = Pin<Box<dyn Future<Output = Response> + Send>>;

    fn call(mut self, request: Request, state: S) -> Self::Future {
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            if let Err(refusal) = S::Key::admit(&mut parts, &state, Sealed::YES).await {
                return refusal.into_response();
            }
            let answer = match poll_fn(|cx| self.service.poll_ready(cx)).await {
                Ok(()) => self.service.call(Request::from_parts(parts, body)).await,
                Err(never) => match never {},
            };
            answer.into_response()
        })
    }
}
