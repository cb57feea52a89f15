//! The handlers of one path.

use core::any::type_name;
use core::fmt;
use core::panic::Location;
use std::sync::Arc;

use actix_web::dev::{ServiceRequest, ServiceResponse, fn_service};
use actix_web::http::Method;
use actix_web::{Error, Route, guard};

use super::handler::{Arguments, DecidedHandler, Keyed, Sealed, Serves};
use crate::adapter::endpoint::Endpoint;

/// The handlers of one path, by method: each has a decision. Made by [`get`], [`post`] and the like, and
/// taken by [`GuardedScope::route`](super::GuardedScope::route).
///
/// `HEAD` follows `GET`, as RFC 9110 §9.1 wants it and `web::get()` does not: a request for the head is answered by the
/// handler of `GET` and is guarded by the same guard, unless [`head`] gives another one. `OPTIONS` is a method like any
/// other. A method without a handler is answered 405.
///
/// ```
/// # use auth_core::{public, requires_auth, AuthState, Bearer, FnVerifier};
/// # #[derive(AuthState, Clone)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// use auth_core::actix::{GuardedRoute, get};
///
/// #[public(reason = "the catalogue is for everybody")]
/// async fn list() -> &'static str { "…" }
///
/// #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "catalogue:write")]
/// async fn add() -> &'static str { "…" }
///
/// let catalogue: GuardedRoute<App> = get(list).post(add);
/// ```
#[must_use]
pub struct GuardedRoute<S> {
    handlers: Vec<Handler<S>>,
}

impl<S> Clone for GuardedRoute<S> {
    fn clone(&self) -> Self {
        Self {
            handlers: self.handlers.clone(),
        }
    }
}

impl<S> fmt::Debug for GuardedRoute<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let endpoints = self.handlers.iter().map(|handler| &handler.endpoint);
        f.debug_list().entries(endpoints).finish()
    }
}

/// A handler whose types are forgotten.
pub(super) struct Handler<S> {
    /// None: of all that no other handler takes.
    method: Option<&'static Method>,
    pub(super) endpoint: Endpoint,
    mount: fn(&S, &'static Location<'static>),
    route: Arc<dyn Fn(S) -> Route + Send + Sync>,
}

impl<S> Clone for Handler<S> {
    fn clone(&self) -> Self {
        Self {
            method: self.method,
            endpoint: self.endpoint.clone(),
            mount: self.mount,
            route: Arc::clone(&self.route),
        }
    }
}

impl<S: Clone> Handler<S> {
    #[track_caller]
    pub(super) fn new<H, T>(method: Option<&'static Method>, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        let names = method.map(|method| vec![method.as_str()]);
        Self {
            method,
            endpoint: Endpoint::new(names, type_name::<H>(), Location::caller(), H::DECISION),
            mount: |state, place| {
                <S::Key as Serves<H, T>>::Arguments::mount(state, place, Sealed::YES);
            },
            route: Arc::new(move |state| served::<S, H, T>(state, handler.clone())),
        }
    }

    /// Tells the state what the handler needs.
    pub(super) fn mount(&self, state: &S) {
        (self.mount)(state, self.endpoint.location());
    }

    /// For the resource of a path.
    fn guarded_route(&self, state: &S) -> Route {
        let route = self.plain_route(state);
        match self.method {
            Some(&Method::GET) => route.guard(guard::Any(guard::Get()).or(guard::Head())),
            Some(method) => route.method(method.clone()),
            None => route,
        }
    }

    /// For all requests.
    pub(super) fn plain_route(&self, state: &S) -> Route {
        (self.route)(state.clone())
    }
}

fn served<S, H, T>(state: S, handler: H) -> Route
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    Route::new().service(fn_service(move |request: ServiceRequest| {
        let (state, handler) = (state.clone(), handler.clone());
        async move {
            let (request, mut payload) = request.into_parts();
            let answer = <S::Key as Serves<H, T>>::Arguments::call(
                &handler,
                &state,
                &request,
                &mut payload,
                Sealed::YES,
            );
            let answer = answer.await;
            Ok::<_, Error>(ServiceResponse::new(request, answer))
        }
    }))
}

impl<S: Clone> GuardedRoute<S> {
    /// The routes of these handlers: those of `HEAD` before those of `GET`, those of all methods behind the others.
    pub(super) fn routes(&self, state: &S) -> Vec<Route> {
        let mut handlers: Vec<_> = self.handlers.iter().collect();
        handlers.sort_by_key(|handler| match handler.method {
            Some(&Method::HEAD) => 0,
            Some(_) => 1,
            None => 2,
        });
        let routes = handlers.into_iter();
        routes.map(|handler| handler.guarded_route(state)).collect()
    }

    pub(super) fn handlers(&self) -> &[Handler<S>] {
        &self.handlers
    }
}

/// Handlers of one path that all have a decision: [`GuardedRoute`] only.
#[diagnostic::on_unimplemented(
    message = "handlers in a `{Self}` may have no decision",
    label = "not made by `auth_core::actix`",
    note = "import `get`, `post` and the like from `auth_core::actix` instead of `actix_web::web`, and write `get(handler)` instead of `web::get().to(handler)`"
)]
pub trait DecidedMethods {
    /// The state that the handlers need.
    type State;

    #[doc(hidden)]
    fn into_route(self) -> GuardedRoute<Self::State>;
}

impl<S> DecidedMethods for GuardedRoute<S> {
    type State = S;

    fn into_route(self) -> Self {
        self
    }
}

// Written out, not by a macro: the compiler shows these lines to whoever puts a wrong handler on a route.
// The bounds come in two steps; see `DecidedHandler`.

/// A handler of `GET` and, unless there is another one for it, of `HEAD`; see [`GuardedRoute`].
#[track_caller]
pub fn get<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.get(handler)
}

/// A handler of `HEAD`; see [`GuardedRoute`].
#[track_caller]
pub fn head<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.head(handler)
}

/// A handler of `POST`; see [`GuardedRoute`].
#[track_caller]
pub fn post<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.post(handler)
}

/// A handler of `PUT`; see [`GuardedRoute`].
#[track_caller]
pub fn put<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.put(handler)
}

/// A handler of `PATCH`; see [`GuardedRoute`].
#[track_caller]
pub fn patch<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.patch(handler)
}

/// A handler of `DELETE`; see [`GuardedRoute`].
#[track_caller]
pub fn delete<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.delete(handler)
}

/// A handler of `OPTIONS`, preflights included that no middleware answers; see [`GuardedRoute`].
#[track_caller]
pub fn options<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.options(handler)
}

/// A handler of `TRACE`; see [`GuardedRoute`].
#[track_caller]
pub fn trace<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.trace(handler)
}

/// A handler of every method, `OPTIONS` included, that no other handler of the path takes; see [`GuardedRoute`].
#[track_caller]
pub fn any<H, T, S>(handler: H) -> GuardedRoute<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, State = S>>,
{
    GuardedRoute::NONE.any(handler)
}

impl<S: Clone> GuardedRoute<S> {
    const NONE: Self = Self {
        handlers: Vec::new(),
    };

    /// Adds a handler of `GET`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn get<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::GET), handler)
    }

    /// Adds a handler of `HEAD`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn head<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::HEAD), handler)
    }

    /// Adds a handler of `POST`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn post<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::POST), handler)
    }

    /// Adds a handler of `PUT`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn put<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::PUT), handler)
    }

    /// Adds a handler of `PATCH`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn patch<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::PATCH), handler)
    }

    /// Adds a handler of `DELETE`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn delete<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::DELETE), handler)
    }

    /// Adds a handler of `OPTIONS`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn options<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::OPTIONS), handler)
    }

    /// Adds a handler of `TRACE`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn trace<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(Some(&Method::TRACE), handler)
    }

    /// Adds the handler of every method that no other handler of the path takes.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn any<H, T>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        self.with(None, handler)
    }

    #[track_caller]
    fn with<H, T>(mut self, method: Option<&'static Method>, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        let mut others = self.handlers.iter();
        let taken = others.any(|other| other.method == method);
        assert!(
            !taken,
            "two handlers of {} for one path",
            method.map_or("any method", Method::as_str)
        );
        self.handlers.push(Handler::new(method, handler));
        self
    }
}
