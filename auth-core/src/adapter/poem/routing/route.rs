//! The routes.

use core::any::{type_name, type_name_of_val};
use core::fmt;
use core::panic::Location;

use poem::endpoint::{BoxEndpoint, make_sync};
use poem::middleware::{AddData, Middleware};
use poem::{Body, EndpointExt as _, Request, Response, Result, Route};

use super::behind::{GuardedEndpoint, Guards};
use super::methods::{DecidedMethods, GuardedRouteMethod};
use crate::adapter::decided::Keyed;
use crate::adapter::endpoint::{Decision, Endpoint, behind};
use crate::adapter::poem::refusal::answered;
use crate::resource::ProtectedResource;
use crate::state::AnyState;

/// A [`poem::Route`] that takes only handlers with a decision: functions under
/// [`#[requires_auth]`](macro@crate::requires_auth) or [`#[public]`](macro@crate::public), without `#[handler]`.
///
/// `S` is the state that guards find their verifiers in: a struct with `#[derive(AuthState)]`, usually in an `Arc`, or a
/// [`Registry`](crate::Registry). It is an endpoint as any other: poem's middleware goes around it, and it can be nested in
/// a plain route. See [the module](crate::poem) for an example.
#[must_use]
pub struct GuardedRoute<S> {
    state: S,
    route: Route,
    endpoints: Vec<Endpoint>,
}

impl<S> fmt::Debug for GuardedRoute<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedRoute")
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

impl<S: Send + Sync> poem::Endpoint for GuardedRoute<S> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        self.route.call(request).await
    }
}

/// Routes that all have a decision: [`GuardedRoute`], and what it is with a middleware around it.
#[diagnostic::on_unimplemented(
    message = "handlers in a `{Self}` may have no decision",
    label = "not a `GuardedRoute`",
    note = "build it as a `GuardedRoute`; existing routes whose handlers are to be decided later go into `.nest_undecided(path, \"why\", routes)`; middleware goes around a `GuardedRoute` by its own `with` and `data`"
)]
pub trait DecidedRoutes {
    #[doc(hidden)]
    fn into_routes(self) -> LayeredRoute;
}

impl<S: Send + Sync + 'static> DecidedRoutes for GuardedRoute<S> {
    fn into_routes(self) -> LayeredRoute {
        LayeredRoute {
            endpoint: self.route.boxed(),
            endpoints: self.endpoints,
        }
    }
}

/// A [`GuardedRoute`] with a middleware around it, made by [`GuardedRoute::with`].
#[must_use]
pub struct LayeredRoute {
    endpoint: BoxEndpoint<'static>,
    endpoints: Vec<Endpoint>,
}

impl fmt::Debug for LayeredRoute {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LayeredRoute")
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

impl poem::Endpoint for LayeredRoute {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        self.endpoint.call(request).await
    }
}

impl DecidedRoutes for LayeredRoute {
    fn into_routes(self) -> Self {
        self
    }
}

impl LayeredRoute {
    /// As [`GuardedRoute::with`].
    pub fn with<M>(self, middleware: M) -> Self
    where
        M: Middleware<BoxEndpoint<'static>, Output: 'static>,
    {
        Self {
            endpoint: middleware
                .transform(self.endpoint)
                .map_to_response()
                .boxed(),
            endpoints: self.endpoints,
        }
    }

    /// As [`GuardedRoute::data`].
    pub fn data<T: Clone + Send + Sync + 'static>(self, data: T) -> Self {
        self.with(AddData::new(data))
    }

    /// As [`GuardedRoute::endpoints`].
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }
}

impl<S: AnyState + Clone + 'static> GuardedRoute<S> {
    /// Routes without a path: they answer 404. The state is cloned for each path.
    pub fn new(state: S) -> Self {
        Self {
            state,
            route: Route::new(),
            endpoints: Vec::new(),
        }
    }

    /// Adds the handlers of a path, written as poem writes it: `/orders/:id`.
    ///
    /// # Panics
    /// As [`poem::Route::at`]: if the path is not well formed, or is taken.
    #[track_caller]
    pub fn at<R>(mut self, path: &str, methods: R) -> Self
    where
        R: DecidedMethods<State = S>,
    {
        let methods = methods.into_methods();
        methods.mount(&self.state);
        let endpoints = methods.handlers.iter();
        let endpoints = endpoints.map(|handler| handler.endpoint.clone().at(path));
        self.endpoints.extend(endpoints);
        let state = self.state.clone();
        self.route = self.route.at(path, Mounted { state, methods });
        self
    }

    /// Adds other routes behind a prefix. Their handlers see the rest of the path; guards see the whole. They may have
    /// another state.
    ///
    /// # Panics
    /// As [`poem::Route::nest`]: if the path is taken, or has captures in it. Also if the other routes have a
    /// [protected resource](Self::protected_resource), whose document clients would no longer find.
    #[track_caller]
    #[expect(
        clippy::panic,
        reason = "as poem does where routes cannot be put together"
    )]
    pub fn nest<R: DecidedRoutes>(mut self, path: &str, other: R) -> Self {
        let LayeredRoute {
            endpoint,
            endpoints,
        } = other.into_routes();
        if let Some(moved) = endpoints.iter().find(|endpoint| endpoint.is_well_known) {
            panic!(
                "clients look for {} and not for {path}{0}: call `protected_resource` on the outermost routes",
                moved.path()
            );
        }
        let nested = endpoints.into_iter().map(|inner| inner.nested_at(path));
        self.endpoints.extend(nested);
        self.route = self.route.nest(path, endpoint);
        self
    }

    /// Adds plain routes behind a prefix, whose handlers may have no decision: with it a service moves over one handler
    /// at a time, while the rest stays visible. Nothing guards them but what is in them. They are
    /// listed as one endpoint, since what is in them cannot be known.
    ///
    /// # Panics
    /// As [`nest`](Self::nest), and without a reason.
    #[track_caller]
    pub fn nest_undecided<E>(mut self, path: &str, reason: &'static str, endpoint: E) -> Self
    where
        E: poem::IntoEndpoint<Endpoint: 'static>,
    {
        let decision = Decision::undecided(reason);
        self.push(&behind(path), type_name::<E>(), decision);
        self.route = self.route.nest(path, endpoint);
        self
    }

    /// Adds an endpoint that everybody may call with any method, and says why: a `StaticFilesEndpoint`, say.
    ///
    /// # Panics
    /// As [`at`](Self::at), and without a reason.
    #[track_caller]
    pub fn public_endpoint<E>(mut self, path: &str, reason: &'static str, endpoint: E) -> Self
    where
        E: poem::IntoEndpoint<Endpoint: 'static>,
    {
        self.push(path, type_name::<E>(), Decision::public(reason));
        self.route = self.route.at(path, endpoint);
        self
    }

    /// The same for all that is behind a prefix. The endpoint sees the rest of the path.
    ///
    /// # Panics
    /// As [`nest`](Self::nest), and without a reason.
    #[track_caller]
    pub fn nest_public_endpoint<E>(mut self, path: &str, reason: &'static str, endpoint: E) -> Self
    where
        E: poem::IntoEndpoint<Endpoint: 'static>,
    {
        self.push(&behind(path), type_name::<E>(), Decision::public(reason));
        self.route = self.route.nest(path, endpoint);
        self
    }

    /// Adds an endpoint behind a guard, for any method: `P` is a policy, or `(Policy, W)`, where the endpoint is to find the
    /// identity `W` in the data of the request. The state of these routes checks it, as it does for handlers.
    ///
    /// ```
    /// use auth_core::{auth_policy, Authenticated, AuthState, Bearer, FnVerifier};
    /// use auth_core::poem::GuardedRoute;
    /// use poem::handler;
    /// use poem::web::Data;
    ///
    /// #[auth_policy(scheme = "Bearer", realm = "Reports")]
    /// pub struct Reports;
    ///
    /// #[derive(AuthState, Clone)]
    /// struct App {
    ///     #[auth(Bearer)]
    ///     tokens: FnVerifier<Bearer, String>,
    /// }
    ///
    /// #[handler]
    /// async fn report(reader: Data<&Authenticated<String>>) -> String {
    ///     format!("for {}", reader.identity())
    /// }
    ///
    /// fn routes(app: App) -> GuardedRoute<App> {
    ///     GuardedRoute::new(app)
    ///         .guarded_endpoint::<(Reports, Authenticated<String>)>("/report", report)
    /// }
    /// ```
    ///
    /// # Panics
    /// As [`at`](Self::at).
    #[track_caller]
    pub fn guarded_endpoint<P>(
        mut self,
        path: &str,
        endpoint: impl poem::IntoEndpoint<Endpoint: 'static>,
    ) -> Self
    where
        S: Keyed<Key: Guards<P, State = S>>,
        P: 'static,
    {
        self.push(path, type_name_of_val(&endpoint), S::Key::DECISION);
        let endpoint =
            GuardedEndpoint::<S, P, _>::new(self.state.clone(), endpoint.into_endpoint());
        self.route = self.route.at(path, endpoint);
        self
    }

    /// The same for all that is behind a prefix. The endpoint sees the rest of the path; the guard sees the whole.
    ///
    /// # Panics
    /// As [`nest`](Self::nest).
    #[track_caller]
    pub fn nest_guarded_endpoint<P>(
        mut self,
        path: &str,
        endpoint: impl poem::IntoEndpoint<Endpoint: 'static>,
    ) -> Self
    where
        S: Keyed<Key: Guards<P, State = S>>,
        P: 'static,
    {
        self.push(&behind(path), type_name_of_val(&endpoint), S::Key::DECISION);
        let endpoint =
            GuardedEndpoint::<S, P, _>::new(self.state.clone(), endpoint.into_endpoint());
        self.route = self.route.nest(path, endpoint);
        self
    }

    /// Serves the metadata of the protected resource of the state's settings (RFC 9728) at the path where clients look for
    /// them: to everybody, scripts of other origins included; see [`ProtectedResource`].
    ///
    /// Add it on the outermost routes, and none of your middleware for CORS around it: it answers preflights itself, from any
    /// origin.
    ///
    /// # Panics
    /// If the settings have no protected resource, and as [`at`](Self::at).
    #[track_caller]
    pub fn protected_resource(mut self) -> Self {
        let resource = self.state.settings().protected_resource();
        #[expect(
            clippy::expect_used,
            reason = "as poem does where a route cannot be added"
        )]
        let resource = resource
            .expect("the settings of this state have none: `Settings::with_protected_resource` gives them one; is the field of the state that holds them marked `#[auth(settings)]`?")
            .clone();
        resource.routed();
        let path = resource.metadata_path().to_owned();
        let methods = Some(vec!["GET", "OPTIONS"]);
        let name = type_name::<ProtectedResource>();
        let decision = Decision::public("protected resource metadata (RFC 9728)");
        let mut endpoint = Endpoint::new(methods, name, Location::caller(), decision).at(&path);
        endpoint.is_well_known = true;
        self.endpoints.push(endpoint);
        let answer = move |request: Request| {
            answered(resource.answer(request.method()).map(Body::from_bytes))
        };
        self.route = self.route.at(path, make_sync(answer));
        self
    }

    /// Wraps all that was added before, and the answer 404; more routes can be added by nesting it.
    ///
    /// The middleware runs before the guards: it sees requests of callers who are not known yet, it may change
    /// them, credentials included, or answer them itself, and it sees refusals as errors
    /// ([`Refused`](crate::poem::Refused)). What it takes from a request is not verified.
    pub fn with<M>(self, middleware: M) -> LayeredRoute
    where
        M: Middleware<BoxEndpoint<'static>, Output: 'static>,
    {
        self.into_routes().with(middleware)
    }

    /// Adds data to the requests, for handlers behind it.
    pub fn data<T: Clone + Send + Sync + 'static>(self, data: T) -> LayeredRoute {
        self.with(AddData::new(data))
    }

    /// All that was added, in the order in which it was: for the log at start, and for a test that shows
    /// in a review who may call what.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    #[track_caller]
    fn push(&mut self, path: &str, handler: &'static str, decision: Decision) {
        let endpoint = Endpoint::new(None, handler, Location::caller(), decision);
        self.endpoints.push(endpoint.at(path));
    }
}

/// The handlers of a path, with their state.
struct Mounted<S> {
    state: S,
    methods: GuardedRouteMethod<S>,
}

impl<S: AnyState + 'static> poem::Endpoint for Mounted<S> {
    type Output = Response;

    async fn call(&self, request: Request) -> Result<Response> {
        self.methods.answer(&self.state, request).await
    }
}
