//! The handlers of one path.

use core::any::type_name;
use core::convert::Infallible;
use core::fmt;
use core::panic::Location;

use axum::routing::{self, MethodFilter, MethodRouter};
use axum_core::extract::Request;
use tower_service::Service;

use super::handler::{DecidedHandler, Keyed, Serves, checked};
use super::service::HttpLayer;
use crate::adapter::endpoint::{Decision, Endpoint};

/// The handlers of one path, by method: each has a decision. Made by [`get`], [`post`] and the like, and
/// taken by [`GuardedRouter::route`](super::GuardedRouter::route).
///
/// `HEAD` follows `GET`: a request for the head is answered by the handler of `GET` and is guarded by the
/// same guard, unless [`head`] gives another one. `OPTIONS` is a method like any other.
///
/// ```
/// # use auth_core::{public, requires_auth, AuthState, Bearer, FnVerifier};
/// # #[derive(AuthState, Clone)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
/// use auth_core::axum::{GuardedMethodRouter, get};
///
/// #[public(reason = "the catalogue is for everybody")]
/// async fn list() -> &'static str { "…" }
///
/// #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "catalogue:write")]
/// async fn add() -> &'static str { "…" }
///
/// let catalogue: GuardedMethodRouter<App> = get(list).post(add);
/// ```
#[must_use]
pub struct GuardedMethodRouter<S = ()> {
    pub(super) routes: MethodRouter<S>,
    pub(super) endpoints: Vec<Endpoint>,
}

impl<S> Clone for GuardedMethodRouter<S> {
    fn clone(&self) -> Self {
        Self {
            routes: self.routes.clone(),
            endpoints: self.endpoints.clone(),
        }
    }
}

impl<S> fmt::Debug for GuardedMethodRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedMethodRouter")
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

/// Handlers of one path that all have a decision: [`GuardedMethodRouter`] only.
#[diagnostic::on_unimplemented(
    message = "handlers in a `{Self}` may have no decision",
    label = "not made by `auth_core::axum`",
    note = "import `get`, `post` and the like from `auth_core::axum` instead of `axum::routing`; a service goes into `.public_service(path, reason, service)` or `.guarded_service::<Policy>(path, service)`"
)]
pub trait DecidedMethods {
    /// The state that the handlers need.
    type State;

    #[doc(hidden)]
    fn into_methods(self) -> GuardedMethodRouter<Self::State>;
}

impl<S> DecidedMethods for GuardedMethodRouter<S> {
    type State = S;

    fn into_methods(self) -> Self {
        self
    }
}

// Written out, not by a macro: the compiler shows these lines to whoever puts a wrong handler on a route.
// The bounds come in two steps; see `DecidedHandler`.

/// A handler of `GET` and, unless there is another one for it, of `HEAD`; see [`GuardedMethodRouter`].
#[track_caller]
pub fn get<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    on(MethodFilter::GET, handler)
}

/// A handler of `HEAD`; see [`GuardedMethodRouter`].
#[track_caller]
pub fn head<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    on(MethodFilter::HEAD, handler)
}

/// A handler of `POST`; see [`GuardedMethodRouter`].
#[track_caller]
pub fn post<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    on(MethodFilter::POST, handler)
}

/// A handler of `PUT`; see [`GuardedMethodRouter`].
#[track_caller]
pub fn put<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    on(MethodFilter::PUT, handler)
}

/// A handler of `PATCH`; see [`GuardedMethodRouter`].
#[track_caller]
pub fn patch<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    on(MethodFilter::PATCH, handler)
}

/// A handler of `DELETE`; see [`GuardedMethodRouter`].
#[track_caller]
pub fn delete<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    on(MethodFilter::DELETE, handler)
}

/// A handler of `OPTIONS`: of all requests of this method that no layer answers, preflights included; see [`GuardedMethodRouter`].
#[track_caller]
pub fn options<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    on(MethodFilter::OPTIONS, handler)
}

/// A handler of these methods; see [`GuardedMethodRouter`].
#[track_caller]
pub fn on<H, T, M, S>(filter: MethodFilter, handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedMethodRouter {
        routes: routing::on(filter, checked::<S, H, T, M>(handler)),
        endpoints: vec![listed(Some(filter), type_name::<H>(), H::DECISION)],
    }
}

/// A handler of every method, `OPTIONS` included, that no other handler of the path takes; see
/// [`GuardedMethodRouter`].
#[track_caller]
pub fn any<H, T, M, S>(handler: H) -> GuardedMethodRouter<S>
where
    H: DecidedHandler<T>,
    S: Keyed<Key: Serves<H, T, M, State = S>>,
{
    GuardedMethodRouter {
        routes: routing::any(checked::<S, H, T, M>(handler)),
        endpoints: vec![listed(None, type_name::<H>(), H::DECISION)],
    }
}

impl<S: Clone + Send + Sync + 'static> GuardedMethodRouter<S> {
    /// Adds a handler of `GET`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn get<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.on(MethodFilter::GET, handler)
    }

    /// Adds a handler of `HEAD`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn head<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.on(MethodFilter::HEAD, handler)
    }

    /// Adds a handler of `POST`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn post<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.on(MethodFilter::POST, handler)
    }

    /// Adds a handler of `PUT`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn put<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.on(MethodFilter::PUT, handler)
    }

    /// Adds a handler of `PATCH`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn patch<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.on(MethodFilter::PATCH, handler)
    }

    /// Adds a handler of `DELETE`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn delete<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.on(MethodFilter::DELETE, handler)
    }

    /// Adds a handler of `OPTIONS`.
    ///
    /// # Panics
    /// If there is one already.
    #[track_caller]
    pub fn options<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.on(MethodFilter::OPTIONS, handler)
    }

    /// Adds a handler of these methods.
    ///
    /// # Panics
    /// If one of them has a handler already.
    #[track_caller]
    pub fn on<H, T, M>(mut self, filter: MethodFilter, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.endpoints
            .push(listed(Some(filter), type_name::<H>(), H::DECISION));
        self.routes = self.routes.on(filter, checked::<S, H, T, M>(handler));
        self
    }

    /// Sets the handler of every method, `OPTIONS` included, that no other handler of the path takes, in
    /// place of an earlier one. Without any, they are answered 405.
    #[track_caller]
    pub fn any<H, T, M>(mut self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        self.endpoints.retain(|endpoint| !endpoint.takes_the_rest());
        self.endpoints
            .push(listed(None, type_name::<H>(), H::DECISION));
        self.routes = self.routes.fallback(checked::<S, H, T, M>(handler));
        self
    }

    /// Wraps the handlers that were added before. The layer runs before their guards, and sees their
    /// refusals: see [`GuardedRouter::layer`](super::GuardedRouter::layer).
    pub fn layer<L: HttpLayer>(mut self, layer: L) -> Self {
        self.routes = self.routes.layer(layer);
        self
    }

    /// The same as [`layer`](Self::layer), but without the handler of [`any`](Self::any), and without
    /// the answer 405.
    ///
    /// # Panics
    /// If no other handler was added before.
    #[track_caller]
    pub fn route_layer<L>(mut self, layer: L) -> Self
    where
        L: HttpLayer<Service: Service<Request, Error = Infallible>>,
    {
        self.routes = self.routes.route_layer(layer);
        self
    }
}

#[track_caller]
fn listed(methods: Option<MethodFilter>, handler: &'static str, decision: Decision) -> Endpoint {
    Endpoint::new(methods.map(names_of), handler, Location::caller(), decision)
}

/// The names of these methods.
pub(super) fn names_of(methods: MethodFilter) -> Vec<&'static str> {
    let named = METHODS.iter();
    named
        .filter(|(method, _)| methods.or(*method) == methods)
        .map(|(_, name)| *name)
        .collect()
}

const METHODS: [(MethodFilter, &str); 9] = [
    (MethodFilter::GET, "GET"),
    (MethodFilter::HEAD, "HEAD"),
    (MethodFilter::POST, "POST"),
    (MethodFilter::PUT, "PUT"),
    (MethodFilter::PATCH, "PATCH"),
    (MethodFilter::DELETE, "DELETE"),
    (MethodFilter::OPTIONS, "OPTIONS"),
    (MethodFilter::TRACE, "TRACE"),
    (MethodFilter::CONNECT, "CONNECT"),
];
