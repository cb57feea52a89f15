//! Tower: a layer that guards a whole service, and guarded handlers as services.

use core::convert::Infallible;
use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

use super::http::{Guarded, Handler, RefusalBody};
use crate::decide::{Accepts, decide};
use crate::guard::{Unseen, Wanted};
use crate::policy::Policy;
use crate::request::RequestView;
use crate::state::AuthState;

type BoxFuture<T> = Pin<Box<dyn Future<Output = T> + Send>>;

/// Guards a whole service with policy `P`: a request reaches the service only if it meets the policy.
///
/// The service finds the identity `W` in the request's extensions: [`Authenticated<T>`], which
/// nobody else can make, so a client cannot put it there. Without `W` this layer puts nothing there.
///
/// What another guard outside put there stays visible, unless this layer puts an identity of the same type in its
/// place: behind two guards, an `Authenticated<T>` that only the outer one was asked for is the caller whom the outer
/// one admitted.
///
/// ```
/// use auth_core::{auth_policy, Authenticated, AuthState, Bearer, FnVerifier};
/// use auth_core::tower::GuardLayer;
/// use std::sync::Arc;
///
/// #[auth_policy(scheme = "Bearer", realm = "API")]
/// pub struct Api;
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Bearer)]
///     tokens: FnVerifier<Bearer, String>,
/// }
///
/// fn layer(app: Arc<App>) -> GuardLayer<Api, Arc<App>, Authenticated<String>> {
///     GuardLayer::new(app)
/// }
/// ```
///
/// [`Authenticated<T>`]: crate::Authenticated
pub struct GuardLayer<P, St, W = Unseen> {
    state: St,
    policy: PhantomData<fn() -> (P, W)>,
}

impl<P, St, W> GuardLayer<P, St, W> {
    /// A layer that checks with the verifiers of this state; it is usually an `Arc`, since it is cloned
    /// for every request.
    pub fn new(state: St) -> Self {
        Self {
            state,
            policy: PhantomData,
        }
    }
}

impl<P, St: Clone, W> Clone for GuardLayer<P, St, W> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            policy: PhantomData,
        }
    }
}

impl<P, St, W> fmt::Debug for GuardLayer<P, St, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardLayer")
    }
}

impl<Svc, P, St: Clone, W> Layer<Svc> for GuardLayer<P, St, W> {
    type Service = GuardService<Svc, P, St, W>;

    fn layer(&self, inner: Svc) -> Self::Service {
        GuardService {
            inner,
            layer: self.clone(),
        }
    }
}

/// A guarded service; made by [`GuardLayer`].
pub struct GuardService<Svc, P, St, W = Unseen> {
    inner: Svc,
    layer: GuardLayer<P, St, W>,
}

impl<Svc: Clone, P, St: Clone, W> Clone for GuardService<Svc, P, St, W> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<Svc, P, St, W> fmt::Debug for GuardService<Svc, P, St, W> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardService")
    }
}

impl<Svc, P, St, W, B, B2> Service<Request<B>> for GuardService<Svc, P, St, W>
where
    Svc: Service<Request<B>, Response = Response<B2>> + Clone + Send + 'static,
    Svc::Future: Send,
    P: Policy,
    P::Accepts: Accepts<St, W>,
    St: AuthState + Clone + 'static,
    W: Wanted + Clone + Sync,
    B: Send + 'static,
    B2: RefusalBody,
{
    type Response = Response<B2>;
    type Error = Svc::Error;
    type Future = BoxFuture<Result<Response<B2>, Svc::Error>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Svc::Error>> {
        self.inner.poll_ready(cx)
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        // The instance that said it is ready takes the request; its clone may not be ready yet.
        let next = self.inner.clone();
        let mut ready = core::mem::replace(&mut self.inner, next);
        let state = self.layer.state.clone();
        Box::pin(async move {
            let (mut parts, body) = request.into_parts();
            let decision =
                decide::<P::Accepts, St, W, ()>(P::SPEC, &state, RequestView::of_parts(&parts))
                    .await;
            match decision {
                Ok((identity, ())) => {
                    identity.hand_on(&mut parts.extensions);
                    ready.call(Request::from_parts(parts, body)).await
                }
                Err(refusal) => Ok(refusal.into_response()),
            }
        })
    }
}

impl<St, H, M, B> Service<Request<B>> for Guarded<St, H, M>
where
    H: Handler<St, B, M>,
    St: Clone + Send + Sync + 'static,
    B: Send + 'static,
    M: 'static,
{
    type Response = Response<H::Body>;
    type Error = Infallible;
    type Future = BoxFuture<Result<Response<H::Body>, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<B>) -> Self::Future {
        let answer = Guarded::call(self, request);
        Box::pin(async move { Ok(answer.await) })
    }
}
