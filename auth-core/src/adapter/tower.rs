//! Tower: a layer that guards a whole service, and guarded handlers as services.
//!
//! The small shop of the other pages. A service has no signature that an attribute could change, so its policy has a name
//! and stands in a layer; what is for everybody stays outside of it:
//!
//! ```
//! use auth_core::tower::GuardLayer;
//! use auth_core::{Authenticated, AuthState, Bearer, FnVerifier, auth_policy};
//! use axum::body::Body;
//! use http::{Request, Response};
//! use std::convert::Infallible;
//! use std::sync::Arc;
//! use tower::Layer as _;
//!
//! #[derive(AuthState)]
//! struct Shop {
//!     #[auth(Bearer)]
//!     tokens: FnVerifier<Bearer, String>,
//! }
//!
//! #[auth_policy(scheme = "Bearer", realm = "Shop", scope = "orders:read")]
//! struct ReadOrders;
//!
//! async fn orders(request: Request<Body>) -> Result<Response<Body>, Infallible> {
//!     // The layer put it there: nobody else can make one.
//!     let text = match request.extensions().get::<Authenticated<String>>() {
//!         Some(user) => format!("the orders of {}", **user),
//!         None => "no layer before this".to_owned(),
//!     };
//!     Ok(Response::new(text.into()))
//! }
//!
//! # fn example(shop: Shop) {
//! let guarded = GuardLayer::<ReadOrders, _, Authenticated<String>>::new(Arc::new(shop))
//!     .layer(tower::service_fn(orders));
//! # fn is_service<T: tower::Service<Request<Body>>>(_: T) {}
//! # is_service(guarded);
//! # }
//! ```
//!
//! The layer guards one service with one policy: handlers with policies of their own are [`http`](crate::http)'s `Guarded`,
//! which is a service as well.

use core::convert::Infallible;
use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};

use http::{Request, Response};
use tower_layer::Layer;
use tower_service::Service;

#[cfg(feature = "digest")]
use super::http::VisibleBody;
use super::http::{Guarded, Handler, RefusalBody};
use super::shown;
use crate::decide::Accepts;
use crate::guard::{Unseen, Wanted};
use crate::policy::Policy;
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
pub struct GuardLayer<P, St, W = Unseen, Bodies = AnyBody> {
    state: St,
    policy: PhantomData<fn() -> (P, W)>,
    bodies: PhantomData<fn() -> Bodies>,
}

impl<P: Policy, St, W> GuardLayer<P, St, W> {
    /// A layer that checks with the verifiers of this state; it is usually an `Arc`, since it is cloned
    /// for every request.
    ///
    /// It takes bodies of any type, and so sees none: with a policy that offers `auth-int` of Digest it does not compile.
    /// That one needs `seeing_bodies` (feature `digest`).
    pub fn new(state: St) -> Self {
        #[cfg(feature = "digest")]
        const {
            assert!(
                !crate::exchange::offers_auth_int(P::SPEC),
                "this policy offers `auth-int`, so its guard has to see the content of requests: write `GuardLayer::seeing_bodies(state)`"
            );
        }
        Self::with_state(state)
    }
}

#[cfg(feature = "digest")]
impl<P: Policy, St, W> GuardLayer<P, St, W, SeenBodies> {
    /// The same as [`new`](GuardLayer::new), for policies that offer `auth-int` of Digest: it takes requests whose content
    /// a guard can see ([`VisibleBody`]).
    ///
    /// ```
    /// use auth_core::http::GuardedBody;
    /// use auth_core::tower::{GuardLayer, SeenBodies};
    /// # use auth_core::{auth_policy, AuthState, Bearer, FnVerifier, Unseen};
    /// # use std::sync::Arc;
    /// # #[auth_policy(scheme = "Bearer", realm = "API")] pub struct Api;
    /// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
    ///
    /// fn layer(app: Arc<App>) -> GuardLayer<Api, Arc<App>, Unseen, SeenBodies> {
    ///     GuardLayer::seeing_bodies(app)
    /// }
    ///
    /// // Where the server receives a request:
    /// # fn example(request: http::Request<http_body_util::Full<bytes::Bytes>>) -> http::Request<GuardedBody> {
    /// request.map(GuardedBody::new)
    /// # }
    /// ```
    ///
    /// With [`new`](GuardLayer::new) such a policy does not compile:
    ///
    /// ```compile_fail,E0080
    /// # use auth_core::tower::GuardLayer;
    /// # use auth_core::{Declaration, Digest, Member, One, Policy, Spec, member};
    /// /// `qop="auth, auth-int"`
    /// struct Signed;
    ///
    /// impl Policy for Signed {
    ///     type Accepts = One<Digest>;
    ///     const SPEC: &'static Spec = {
    ///         static MEMBERS: [Member; 1] = [
    ///             member!(Digest, Declaration::digest("API").offering_auth_int()),
    ///         ];
    ///         static SPEC: Spec = Spec::new("Signed", &MEMBERS);
    ///         &SPEC
    ///     };
    /// }
    ///
    /// let layer: GuardLayer<Signed, ()> = GuardLayer::new(());
    /// ```
    pub fn seeing_bodies(state: St) -> Self {
        Self::with_state(state)
    }
}

impl<P, St, W, Bodies> GuardLayer<P, St, W, Bodies> {
    fn with_state(state: St) -> Self {
        Self {
            state,
            policy: PhantomData,
            bodies: PhantomData,
        }
    }
}

/// The bodies that a [`GuardLayer`] takes: those of any type.
#[derive(Clone, Copy, Debug)]
pub enum AnyBody {}

/// The bodies that a [`GuardLayer`] takes: those whose content a guard can see.
#[cfg(feature = "digest")]
#[derive(Clone, Copy, Debug)]
pub enum SeenBodies {}

/// The bodies that a [`GuardLayer`] takes have one of type `B` among them.
pub trait Takes<B> {}

impl<B> Takes<B> for AnyBody {}

#[cfg(feature = "digest")]
impl<B: VisibleBody> Takes<B> for SeenBodies {}

impl<P, St: Clone, W, Bodies> Clone for GuardLayer<P, St, W, Bodies> {
    fn clone(&self) -> Self {
        Self::with_state(self.state.clone())
    }
}

impl<P, St, W, Bodies> fmt::Debug for GuardLayer<P, St, W, Bodies> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardLayer")
    }
}

impl<Svc, P, St: Clone, W, Bodies> Layer<Svc> for GuardLayer<P, St, W, Bodies> {
    type Service = GuardService<Svc, P, St, W, Bodies>;

    fn layer(&self, inner: Svc) -> Self::Service {
        GuardService {
            inner,
            layer: self.clone(),
        }
    }
}

/// A guarded service; made by [`GuardLayer`].
pub struct GuardService<Svc, P, St, W = Unseen, Bodies = AnyBody> {
    inner: Svc,
    layer: GuardLayer<P, St, W, Bodies>,
}

impl<Svc: Clone, P, St: Clone, W, Bodies> Clone for GuardService<Svc, P, St, W, Bodies> {
    fn clone(&self) -> Self {
        Self {
            inner: self.inner.clone(),
            layer: self.layer.clone(),
        }
    }
}

impl<Svc, P, St, W, Bodies> fmt::Debug for GuardService<Svc, P, St, W, Bodies> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("GuardService")
    }
}

impl<Svc, P, St, W, Bodies, B, B2> Service<Request<B>> for GuardService<Svc, P, St, W, Bodies>
where
    Svc: Service<Request<B>, Response = Response<B2>> + Clone + Send + 'static,
    Svc::Future: Send,
    P: Policy,
    P::Accepts: Accepts<St, W>,
    St: AuthState + Clone + 'static,
    W: Wanted + Clone + Sync,
    Bodies: Takes<B>,
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
            match shown::admit::<P, W, _, _>(&state, request).await {
                Ok((request, shown)) => {
                    let response = ready.call(request).await?;
                    Ok(shown.complete(response).await)
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
