//! The handlers of one path.

use core::any::type_name;
use core::fmt;
use core::panic::Location;

use http_body::Body as _;
use http_body_util::combinators::BoxBody;
use poem::error::MethodNotAllowedError;
use poem::http::header::CONTENT_LENGTH;
use poem::http::{HeaderValue, Method};
use poem::{Body, Request, Response, Result};

use super::handler::{DecidedFunction, Runner, Serves, checked};
use crate::adapter::decided::Keyed;
use crate::adapter::endpoint::Endpoint;
use crate::adapter::poem::shown::Needs;

/// The handlers of one path, by method: each has a decision. Made by [`get`], [`post`] and the like, and
/// taken by [`GuardedRoute::at`](super::GuardedRoute::at).
///
/// `HEAD` follows `GET`: a request for the head is answered by the handler of `GET` and is guarded by the
/// same guard, unless [`head`] gives another one. Handler and guard see it as the `HEAD` that it is. `OPTIONS` is a method
/// like any other. Methods without a handler are answered 405.
///
/// ```
/// # use auth_core::{public, requires_auth, AuthState, Bearer, FnVerifier};
/// # #[derive(AuthState, Clone)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// use auth_core::poem::{GuardedRouteMethod, get};
///
/// #[public(reason = "the catalogue is for everybody")]
/// async fn list() -> &'static str { "…" }
///
/// #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "catalogue:write")]
/// async fn add() -> &'static str { "…" }
///
/// let catalogue: GuardedRouteMethod<App> = get(list).post(add);
/// ```
#[must_use]
pub struct GuardedRouteMethod<S> {
    pub(super) handlers: Vec<Handler<S>>,
}

/// A handler of a method, or of all that have no other one.
pub(super) struct Handler<S> {
    method: Option<&'static str>,
    run: Runner<S>,
    needs: Needs,
    pub(super) endpoint: Endpoint,
}

impl<S> fmt::Debug for GuardedRouteMethod<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoints = self.handlers.iter().map(|handler| &handler.endpoint);
        f.debug_list().entries(endpoints).finish()
    }
}

/// Handlers of one path that all have a decision: [`GuardedRouteMethod`] only.
#[diagnostic::on_unimplemented(
    message = "handlers in a `{Self}` may have no decision",
    label = "not made by `auth_core::poem`",
    note = "import `get`, `post` and the like from `auth_core::poem` instead of `poem`; an endpoint goes into `.public_endpoint(path, reason, endpoint)` or `.guarded_endpoint::<Policy>(path, endpoint)`"
)]
pub trait DecidedMethods {
    /// The state that the handlers need.
    type State;

    #[doc(hidden)]
    fn into_methods(self) -> GuardedRouteMethod<Self::State>;
}

impl<S> DecidedMethods for GuardedRouteMethod<S> {
    type State = S;

    fn into_methods(self) -> Self {
        self
    }
}

impl<S> GuardedRouteMethod<S> {
    /// Answers one request.
    pub(super) async fn answer(&self, state: &S, mut request: Request) -> Result<Response> {
        let is_head = request.method() == Method::HEAD;
        let handler = self.handler_of(request.method().as_str());
        let handler = handler.ok_or(MethodNotAllowedError)?;
        let shown = handler.needs.show(&mut request);
        let answer = handler.run.run(state, request).await?;
        let answer = shown.complete(answer).await;
        Ok(if is_head { only_head(answer) } else { answer })
    }

    fn handler_of(&self, method: &str) -> Option<&Handler<S>> {
        let of = |method| {
            self.handlers
                .iter()
                .find(|handler| handler.method == method)
        };
        let head_by_get = || of(Some("GET")).filter(|_| method == "HEAD");
        of(Some(method)).or_else(head_by_get).or_else(|| of(None))
    }

    /// What the registry, if it is one, has to provide.
    pub(super) fn mount(&self, state: &S) {
        for handler in &self.handlers {
            handler.run.mount(state, handler.endpoint.location());
        }
    }
}

/// RFC 9110 §9.3.2: no content, yet the fields that a GET would get.
fn only_head(mut response: Response) -> Response {
    let body: BoxBody<_, _> = response.take_body().into();
    if let Some(len) = body.size_hint().exact() {
        let fields = response.headers_mut().entry(CONTENT_LENGTH);
        fields.or_insert_with(|| HeaderValue::from(len));
    }
    response.set_body(Body::empty());
    response
}

// Written out, not by a macro: the compiler shows these lines to whoever puts a wrong handler on a route.
// The bounds come in two steps; see `DecidedFunction`.

/// A handler of `GET` and, unless there is another one for it, of `HEAD`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn get<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.get(handler)
}

/// A handler of `HEAD`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn head<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.head(handler)
}

/// A handler of `POST`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn post<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.post(handler)
}

/// A handler of `PUT`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn put<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.put(handler)
}

/// A handler of `PATCH`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn patch<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.patch(handler)
}

/// A handler of `DELETE`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn delete<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.delete(handler)
}

/// A handler of `OPTIONS`: of all requests of this method that no middleware answers, preflights included; see
/// [`GuardedRouteMethod`].
#[track_caller]
pub fn options<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.options(handler)
}

/// A handler of `CONNECT`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn connect<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.connect(handler)
}

/// A handler of `TRACE`; see [`GuardedRouteMethod`].
#[track_caller]
pub fn trace<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.trace(handler)
}

/// A handler of every method, `OPTIONS` included, that no other handler of the path takes; see
/// [`GuardedRouteMethod`].
#[track_caller]
pub fn any<H, T, M, S>(handler: H) -> GuardedRouteMethod<S>
where
    H: DecidedFunction<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedRouteMethod::NONE.any(handler)
}

impl<S> GuardedRouteMethod<S> {
    const NONE: Self = Self {
        handlers: Vec::new(),
    };

    /// Adds a handler of `GET`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn get<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("GET"), handler)
    }

    /// Adds a handler of `HEAD`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn head<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("HEAD"), handler)
    }

    /// Adds a handler of `POST`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn post<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("POST"), handler)
    }

    /// Adds a handler of `PUT`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn put<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("PUT"), handler)
    }

    /// Adds a handler of `PATCH`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn patch<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("PATCH"), handler)
    }

    /// Adds a handler of `DELETE`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn delete<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("DELETE"), handler)
    }

    /// Adds a handler of `OPTIONS`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn options<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("OPTIONS"), handler)
    }

    /// Adds a handler of `CONNECT`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn connect<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("CONNECT"), handler)
    }

    /// Adds a handler of `TRACE`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn trace<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(Some("TRACE"), handler)
    }

    /// Adds the handler of every method, `OPTIONS` included, that no other handler of the path takes. Without any, they are
    /// answered 405.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn any<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.with(None, handler)
    }

    #[track_caller]
    fn with<H, T, M>(mut self, method: Option<&'static str>, handler: H) -> Self
    where
        H: DecidedFunction<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        let mut others = self.handlers.iter();
        let taken = others.any(|other| other.method == method);
        assert!(
            !taken,
            "two handlers of {} for one path",
            method.unwrap_or("any method")
        );
        let methods = method.map(|method| vec![method]);
        self.handlers.push(Handler {
            method,
            run: checked::<S, H, T, M>(handler),
            needs: Needs::of(H::DECISION),
            endpoint: Endpoint::new(methods, type_name::<H>(), Location::caller(), H::DECISION),
        });
        self
    }
}
