//! Plain [`http`] requests: for hyper, for Lambda, for whatever speaks the `http` crate.
//!
//! ```
//! use auth_core::{requires_auth, Authenticated, AuthState, Bearer, FnVerifier};
//! use auth_core::http::Guarded;
//! use bytes::Bytes;
//! use http::{Request, Response};
//!
//! #[derive(AuthState)]
//! struct App {
//!     #[auth(Bearer)]
//!     tokens: FnVerifier<Bearer, String>,
//! }
//!
//! #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "orders:read")]
//! async fn orders(user: Authenticated<String>, _request: Request<Bytes>) -> Response<Bytes> {
//!     Response::new(format!("the orders of {}", *user).into())
//! }
//!
//! # async fn example(app: App, request: Request<Bytes>) {
//! let orders = Guarded::new(std::sync::Arc::new(app), orders);
//! let response: Response<Bytes> = orders.call(request).await;
//! # }
//! ```

use bytes::Bytes;
use core::fmt;
use core::future::Future;
use core::marker::PhantomData;
use http::{Request, Response};

use super::shown::{Shown, assert_sees};
use crate::decide::{Accepts, decide};
#[cfg(feature = "digest")]
pub use crate::exchange::{GuardedBody, VisibleBody};
use crate::guard::{Guard, Public, PublicDecision, Wanted};
use crate::permit::{Carried, Permitted};
use crate::policy::{Policy, Spec};
use crate::refusal::Refusal;
use crate::request::RequestView;
use crate::state::{AnyState, AuthState};

/// Asks whether a request meets policy `P`, and for the identity `W`: [`Authenticated<T>`],
/// `Option<Authenticated<T>>` for an optional policy, or [`Unseen`](crate::Unseen).
///
/// The caller owns request and answer, and nothing is shown to the guard but the head of the request. So `auth-int` of
/// Digest is answered 500, unless a layer or `GuardedBody::received` (feature `digest`) shows the content; and the answer
/// gets an `Authentication-Info` from such a layer only.
///
/// # Errors
/// The refusal: [`Refusal::into_response`] makes the answer.
///
/// ```
/// # use auth_core::{auth_policy, Authenticated, AuthState, Bearer, FnVerifier, RequestView, Refusal};
/// #[auth_policy(scheme = "Bearer", realm = "API")]
/// pub struct Api;
///
/// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// async fn greet(app: &App, request: &http::Request<()>) -> Result<String, Refusal> {
///     let user: Authenticated<String> =
///         auth_core::http::check::<Api, _, _>(app, RequestView::of(request)).await?;
///     Ok(format!("hello {}", *user))
/// }
/// ```
///
/// [`Authenticated<T>`]: crate::Authenticated
pub async fn check<P, W, St>(state: &St, request: RequestView<'_>) -> Result<W, Refusal>
where
    P: Policy,
    P::Accepts: Accepts<St, W>,
    W: Wanted,
    St: AnyState,
{
    let (identity, ()) = decide::<P::Accepts, St, W, ()>(P::SPEC, state, request).await?;
    Ok(identity)
}

/// A handler `async fn(Request<B>) -> Response<B2>` under `#[requires_auth]` or `#[public]`,
/// together with the state that guards it. Cheap to clone.
///
/// With feature `tower` it is a `tower::Service`. For hyper's `service_fn` it is called like this; the
/// future does not borrow from it:
///
/// ```
/// # use auth_core::{requires_auth, AuthState, Bearer, FnVerifier};
/// # use auth_core::http::Guarded;
/// # use bytes::Bytes;
/// # use http::{Request, Response};
/// # use std::{convert::Infallible, sync::Arc};
/// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// #[requires_auth(scheme = "Bearer", realm = "API")]
/// async fn hello(_request: Request<Bytes>) -> Response<Bytes> {
///     Response::new("hello".into())
/// }
///
/// # fn example(app: Arc<App>) -> impl Fn(Request<Bytes>) -> core::pin::Pin<Box<dyn Future<Output = Result<Response<Bytes>, Infallible>> + Send>> {
/// let hello = Guarded::new(app, hello);
/// # let service_fn = |f| f;
/// # service_fn(Box::new(
/// move |request| {
///     let answer = hello.call(request);
///     # Box::pin(
///     async move { Ok::<_, Infallible>(answer.await) }
///     # ) as core::pin::Pin<Box<dyn Future<Output = _> + Send>>
/// }
/// # ))
/// # }
/// ```
///
/// Handlers answer with a `Response`, not with a `Result`: an error is for the handler to answer.
pub struct Guarded<St, H, M> {
    state: St,
    handler: H,
    decision: PhantomData<fn() -> M>,
}

impl<St, H, M> Guarded<St, H, M> {
    /// Puts a state and a handler together; the state is usually an `Arc`, since it is cloned for every
    /// request. A handler without a decision does not compile here, nor does one whose verifier the
    /// state lacks.
    ///
    /// # Panics
    /// If the policy offers `auth-int` of Digest and the handler takes a body that no guard can see. It can see
    /// `GuardedBody` (feature `digest`), `Bytes`, `()`, and with feature `axum` that of axum.
    #[track_caller]
    pub fn new<B>(state: St, handler: H) -> Self
    where
        // In two steps: the first finds `M` whatever the state holds, so that the second can say what
        // the state lacks. The second says nothing if the first failed.
        H: Decided<B, M>,
        M: Served<St, B, H>,
        St: Clone,
    {
        M::assert_sees();
        Self {
            state,
            handler,
            decision: PhantomData,
        }
    }

    /// Answers one request: with what the handler says, or with the refusal. The body is handed on
    /// unread, or dropped unread; under `auth-int` of Digest it may be read, and is handed on as it was.
    pub fn call<B>(
        &self,
        request: Request<B>,
    ) -> impl Future<Output = Response<H::Body>> + Send + use<B, St, H, M>
    where
        H: Handler<St, B, M>,
        B: Send + 'static,
        St: Clone + Send + Sync,
    {
        let (state, handler) = (self.state.clone(), self.handler.clone());
        async move { handler.call(&state, request).await }
    }
}

impl<St: Clone, H: Clone, M> Clone for Guarded<St, H, M> {
    fn clone(&self) -> Self {
        Self {
            state: self.state.clone(),
            handler: self.handler.clone(),
            decision: PhantomData,
        }
    }
}

impl<St, H, M> fmt::Debug for Guarded<St, H, M> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Guarded")
    }
}

/// A body that a refusal can be written to: every one that is `From<Bytes>`.
#[diagnostic::on_unimplemented(
    message = "a refusal cannot be written to a body of type `{Self}`",
    label = "`{Self}` is not `From<bytes::Bytes>`",
    note = "answer with a body that is, such as `axum::body::Body` (its `new` takes any body) or `http_body_util::Full<bytes::Bytes>`; map the answers of a service that gives another one"
)]
pub trait RefusalBody: From<Bytes> + Send + 'static {}

#[diagnostic::do_not_recommend]
impl<B: From<Bytes> + Send + 'static> RefusalBody for B {}

/// What a handler answers: an `http::Response<B>`, inside of [`Permitted`] if the handler has `permit`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an answer of a handler that `auth_core::http` can serve",
    label = "not an `http::Response<_>`",
    note = "answer with an `http::Response<_>`, also instead of an error"
)]
pub trait Answer {
    /// The body type.
    type Body: RefusalBody;

    /// The response, or that of the refusal.
    fn into_response(self) -> Response<Self::Body>;
}

impl<B: RefusalBody> Answer for Response<B> {
    type Body = B;

    fn into_response(self) -> Self {
        self
    }
}

impl<B: RefusalBody> Answer for Permitted<Response<B>> {
    type Body = B;

    fn into_response(self) -> Response<B> {
        self.into_result().unwrap_or_else(Refusal::into_response)
    }
}

/// A function with a decision as its first argument and a request as its second. `M` tells the kinds
/// apart; it is always inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a handler that `auth_core::http` can serve",
    label = "not a decided `async fn(Request<B>) -> Response<B2>`",
    note = "a handler is `async fn(Request<B>) -> Response<B2>` with `#[requires_auth(…)]` or `#[public]` on it; behind the attribute an `Authenticated<..>` may stand before the request"
)]
pub trait Decided<B, M> {}

impl<F, Fut, P, W, A, B> Decided<B, (Guard<P, W, A>,)> for F where
    F: Fn(Guard<P, W, A>, Request<B>) -> Fut
{
}

impl<F, Fut, D, B> Decided<B, (Public<D>,)> for F where F: Fn(Public<D>, Request<B>) -> Fut {}

/// A decision that the state can make for handler `H`: implemented for all that a [`Handler`] takes.
pub trait Served<St, B, H> {
    #[doc(hidden)]
    #[track_caller]
    fn assert_sees();
}

impl<St, B: 'static, H: Handler<St, B, M>, M> Served<St, B, H> for M {
    #[track_caller]
    fn assert_sees() {
        if let Some(policy) = H::POLICY {
            assert_sees::<B>(policy);
        }
    }
}

/// A handler of plain `http` requests whose first argument is a decision. `M` tells the kinds apart;
/// it is always inferred.
pub trait Handler<St, B, M>: Clone + Send + 'static {
    /// The body type of its answers.
    type Body: RefusalBody;

    /// The policy that guards it, if there is one.
    const POLICY: Option<&'static Spec>;

    /// Decides, and runs the handler if the request is admitted.
    fn call(
        self,
        state: &St,
        request: Request<B>,
    ) -> impl Future<Output = Response<Self::Body>> + Send;
}

impl<F, Fut, P, W, A, St, B> Handler<St, B, (Guard<P, W, A>,)> for F
where
    F: Fn(Guard<P, W, A>, Request<B>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output: Answer> + Send,
    P: Policy,
    P::Accepts: Accepts<St, W>,
    W: Wanted,
    A: Carried,
    St: AuthState,
    B: Send + 'static,
{
    type Body = <Fut::Output as Answer>::Body;

    const POLICY: Option<&'static Spec> = Some(P::SPEC);

    async fn call(self, state: &St, request: Request<B>) -> Response<Self::Body> {
        let (mut parts, mut body) = request.into_parts();
        let shown = Shown::to_guard_of(P::SPEC, &mut parts, &mut body);
        let decision =
            decide::<P::Accepts, St, W, A>(P::SPEC, state, RequestView::of_parts(&parts)).await;
        match decision {
            Ok(admitted) => {
                let request = Request::from_parts(parts, body);
                let answer = self(Guard::admit(admitted), request).await;
                shown.complete(answer.into_response()).await
            }
            Err(refusal) => refusal.into_response(),
        }
    }
}

impl<F, Fut, D, St, B, B2> Handler<St, B, (Public<D>,)> for F
where
    F: Fn(Public<D>, Request<B>) -> Fut + Clone + Send + Sync + 'static,
    Fut: Future<Output = Response<B2>> + Send,
    D: PublicDecision,
    St: Sync,
    B: Send,
    B2: RefusalBody,
{
    type Body = B2;

    const POLICY: Option<&'static Spec> = None;

    async fn call(self, _state: &St, request: Request<B>) -> Response<B2> {
        self(Public::declared(), request).await
    }
}
