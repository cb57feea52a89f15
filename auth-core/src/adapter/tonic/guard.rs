//! The layer that guards a service.

use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use core::pin::Pin;
use core::task::{Context, Poll};
use std::error::Error;

use bytes::Bytes;
use http::{Request, Response};
use tonic::Status;
use tonic::body::Body;
use tonic::server::NamedService;
use tower_layer::Layer;
use tower_service::Service;

use super::cause;
use crate::adapter::shown;
use crate::decide::Accepts;
use crate::guard::{Unseen, Wanted};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::state::AuthState;

/// Guards a service of tonic with policy `P`: a call reaches the service only if it meets the policy. Any other one is
/// answered with a [status](crate::tonic#how-a-refusal-is-told), whatever it asks for: that a method does not exist is told
/// to those who are admitted.
///
/// The methods find the identity `W` in `request.extensions()`: [`Authenticated<T>`], which nobody else can make. Without
/// `W` this layer puts nothing there. Behind two guards, an `Authenticated<T>` that only the outer one was asked for is the
/// caller whom the outer one admitted.
///
/// `guard.named_layer(server)`, with [`tonic::service::LayerExt`], is a service for `add_service`; see
/// [the example](crate::tonic#one-policy-for-a-service).
///
/// [`Authenticated<T>`]: crate::Authenticated
pub struct GuardLayer<P, St, W = Unseen> {
    state: St,
    policy: PhantomData<fn() -> (P, W)>,
}

// The bounds are those of the service below: a verifier that is missing is told here by its name, and by `add_service` as one
// of many things that are not satisfied.
impl<P, St, W> GuardLayer<P, St, W>
where
    P: Policy,
    P::Accepts: Accepts<St, W>,
    St: AuthState,
    W: Wanted,
{
    /// A layer that checks with the verifiers of this state; it is usually an `Arc`, since it is cloned for every
    /// request.
    ///
    /// With a policy that offers `auth-int` of Digest it does not compile:
    ///
    #[cfg_attr(feature = "digest", doc = "```compile_fail,E0080")]
    #[cfg_attr(not(feature = "digest"), doc = "```ignore")]
    /// # use auth_core::digest::{DigestUserList, DigestVerifier};
    /// # use auth_core::tonic::GuardLayer;
    /// # use auth_core::{AuthState, Declaration, Digest, Member, One, Policy, Spec, member};
    /// # #[derive(AuthState)] struct App { #[auth(Digest)] users: DigestVerifier<DigestUserList<String>> }
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
    /// let layer: fn(App) -> GuardLayer<Signed, App> = GuardLayer::new;
    /// ```
    pub fn new(state: St) -> Self {
        #[cfg(feature = "digest")]
        const {
            assert!(
                !crate::exchange::offers_auth_int(P::SPEC),
                "this policy offers `auth-int`, which covers contents as they are sent, and those of gRPC are streams of frames: leave it out of `qop`"
            );
        }
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

/// A guarded service of tonic; made by [`GuardLayer`].
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

impl<Svc: NamedService, P, St, W> NamedService for GuardService<Svc, P, St, W> {
    const NAME: &'static str = Svc::NAME;
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
    B2: http_body::Body<Data = Bytes> + Send + 'static,
    B2::Error: Into<Box<dyn Error + Send + Sync>>,
{
    type Response = Response<Body>;
    type Error = Svc::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Svc::Error>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), Self::Error>> {
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
                    // One that is a `Body` already stays as it is.
                    Ok(shown.complete(response.map(Body::new)).await)
                }
                Err(refusal) => Ok(answer(refusal)),
            }
        })
    }
}

fn answer(refusal: Refusal) -> Response<Body> {
    let status = Status::from(refusal);
    let cause = cause(&status).cloned();
    let mut response = status.into_http();
    if let Some(cause) = cause {
        response.extensions_mut().insert(cause);
    }
    response
}
