//! The router.

use core::any::{type_name, type_name_of_val};
use core::fmt;
use core::panic::Location;

use axum::Router;
use axum::body::Body;
use axum::routing::{self, MethodFilter, MethodRouter};
use http::Method;

#[cfg(feature = "digest")]
use super::digest::DigestLayer;
use super::handler::{DecidedHandler, Keyed, Serves, checked};
use super::methods::{DecidedMethods, GuardedMethodRouter, names_of};
use super::preflight::Preflight;
use super::service::{GuardedService, Guards, HttpLayer, HttpService};
use crate::adapter::endpoint::{BEHIND, Decision, Endpoint, behind};
use crate::resource::ProtectedResource;
use crate::state::Settings;

/// An [`axum::Router`] that takes only handlers with a decision: those under
/// [`#[requires_auth]`](macro@crate::requires_auth) or [`#[public]`](macro@crate::public).
///
/// See [the module](super) for an example. `S` is the state that handlers still need, as in axum.
#[must_use]
pub struct GuardedRouter<S = ()> {
    router: Router<S>,
    endpoints: Vec<Endpoint>,
}

impl<S> Clone for GuardedRouter<S> {
    fn clone(&self) -> Self {
        Self {
            router: self.router.clone(),
            endpoints: self.endpoints.clone(),
        }
    }
}

impl<S> fmt::Debug for GuardedRouter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedRouter")
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

impl<S: Clone + Send + Sync + 'static> Default for GuardedRouter<S> {
    fn default() -> Self {
        Self::new()
    }
}

/// The plain router, which can be served.
impl<S: Clone + Send + Sync + 'static> From<GuardedRouter<S>> for Router<S> {
    fn from(router: GuardedRouter<S>) -> Self {
        router.into_router()
    }
}

/// Routes that all have a decision: [`GuardedRouter`] only.
#[diagnostic::on_unimplemented(
    message = "handlers in a `{Self}` may have no decision",
    label = "not a `GuardedRouter`",
    note = "build it as a `GuardedRouter`; an existing router whose handlers are to be decided later goes into `.undecided(\"why\", router)`"
)]
pub trait DecidedRoutes {
    /// The state that the handlers need.
    type State;

    #[doc(hidden)]
    fn into_routes(self) -> GuardedRouter<Self::State>;
}

impl<S> DecidedRoutes for GuardedRouter<S> {
    type State = S;

    fn into_routes(self) -> Self {
        self
    }
}

impl<S: Clone + Send + Sync + 'static> GuardedRouter<S> {
    /// A router without routes: it answers 404.
    pub fn new() -> Self {
        Self {
            router: Router::new(),
            endpoints: Vec::new(),
        }
    }

    /// Adds the handlers of a path, written as axum writes it: `/orders/{id}`.
    ///
    /// # Panics
    /// As [`axum::Router::route`]: if the path is not well formed, or is taken for one of the methods.
    #[track_caller]
    pub fn route<R>(mut self, path: &str, methods: R) -> Self
    where
        R: DecidedMethods<State = S>,
    {
        let GuardedMethodRouter { routes, endpoints } = methods.into_methods();
        #[cfg(feature = "digest")]
        let routes = DigestLayer::around(routes, endpoints.iter().map(Endpoint::decision));
        self.endpoints
            .extend(endpoints.into_iter().map(|endpoint| endpoint.at(path)));
        self.router = self.router.route(path, routes);
        self
    }

    /// Adds the routes of another router behind a prefix. Its handlers see the rest of the path, and its
    /// fallback takes what is unknown behind the prefix.
    ///
    /// # Panics
    /// As [`axum::Router::nest`]: at the path `/` (there is [`merge`](Self::merge)), or if a path is
    /// taken. Also if the other router has no fallback, but one that is nested in it has: axum would lose
    /// that one. Also if the other router has a [protected resource](Self::protected_resource), whose document clients
    /// would no longer find.
    #[track_caller]
    #[expect(
        clippy::panic,
        reason = "as axum does where routes cannot be put together"
    )]
    pub fn nest<R>(mut self, path: &str, other: R) -> Self
    where
        R: DecidedRoutes<State = S>,
    {
        let GuardedRouter { router, endpoints } = other.into_routes();
        if let Some(lost) = lost_fallback(&endpoints) {
            panic!(
                "axum would lose the fallback of {path}{lost}: give the router at {path} a fallback of its own"
            );
        }
        if let Some(moved) = endpoints.iter().find(|endpoint| endpoint.is_well_known) {
            panic!(
                "clients look for {} and not for {path}{0}: call `protected_resource` on the outermost router",
                moved.path()
            );
        }
        let nested = endpoints.into_iter().map(|inner| inner.nested_at(path));
        self.endpoints.extend(nested);
        self.router = self.router.nest(path, router);
        self
    }

    /// Adds the routes of another router.
    ///
    /// # Panics
    /// As [`axum::Router::merge`]: if a path is taken, or both have a fallback.
    #[track_caller]
    pub fn merge<R>(mut self, other: R) -> Self
    where
        R: DecidedRoutes<State = S>,
    {
        let GuardedRouter { router, endpoints } = other.into_routes();
        self.endpoints.extend(endpoints);
        self.router = self.router.merge(router);
        self
    }

    /// Adds a plain router, whose handlers may have no decision: with it a service moves over one handler
    /// at a time, while the rest stays visible. Nothing guards its routes but what is in them. It is
    /// listed as one endpoint, since what is in it cannot be known.
    ///
    /// A path may be in both, with different methods. A fallback of the plain router is that of this one.
    ///
    /// ```
    /// # use auth_core::{requires_auth, AuthState, Bearer, FnVerifier};
    /// # use auth_core::axum::{GuardedRouter, get};
    /// # #[derive(AuthState, Clone)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
    /// #[requires_auth(scheme = "Bearer", realm = "Shop")]
    /// async fn orders() -> &'static str { "…" }
    ///
    /// async fn invoices() -> &'static str { "…" }
    ///
    /// let router: GuardedRouter<App> = GuardedRouter::new()
    ///     .route("/orders", get(orders))
    ///     .undecided(
    ///         "moves in March",
    ///         axum::Router::new().route("/invoices", axum::routing::get(invoices)),
    ///     );
    /// assert_eq!(router.endpoints()[1].to_string(), "* /* axum::Router is undecided: moves in March");
    /// ```
    ///
    /// # Panics
    /// As [`merge`](Self::merge), and without a reason.
    #[track_caller]
    pub fn undecided(mut self, reason: &'static str, router: Router<S>) -> Self {
        let decision = Decision::undecided(reason);
        self.push(None, BEHIND, "axum::Router", decision);
        self.router = self.router.merge(router);
        self
    }

    /// The handler of requests that no route takes, in place of an earlier one. Without any, axum answers
    /// 404 to everybody.
    #[track_caller]
    pub fn fallback<H, T, M>(self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, M, State = S>>,
    {
        let mut this = self.with_fallback(type_name::<H>(), H::DECISION);
        let handler = checked::<S, H, T, M>(handler);
        #[cfg(feature = "digest")]
        if let Some(layer) = DigestLayer::needed_by([H::DECISION]) {
            let layered = routing::any(handler).layer(layer);
            this.router = this.router.fallback(layered);
            return this;
        }
        this.router = this.router.fallback(handler);
        this
    }

    /// Adds a service that everybody may call, and says why.
    ///
    /// ```
    /// # use auth_core::axum::GuardedRouter;
    /// # fn example(pictures: impl auth_core::axum::HttpService) -> GuardedRouter {
    /// GuardedRouter::new().public_service("/pictures/{*file}", "pictures of the shop", pictures)
    /// # }
    /// ```
    ///
    /// # Panics
    /// As [`route`](Self::route), and without a reason.
    #[track_caller]
    pub fn public_service<Svc: HttpService>(
        mut self,
        path: &str,
        reason: &'static str,
        service: Svc,
    ) -> Self {
        self.push(None, path, type_name::<Svc>(), Decision::public(reason));
        self.router = self.router.route(path, routing::any_service(service));
        self
    }

    /// Adds a service behind a guard. It is checked with the state of this router, as a handler is. The
    /// service finds the identity in the extensions of the request, if `(Policy, W)` asks for one: see
    /// [`ServiceGuard`](super::ServiceGuard).
    ///
    /// ```
    /// use auth_core::{auth_policy, Authenticated, AuthState, Bearer, FnVerifier};
    /// use auth_core::axum::{GuardedRouter, HttpService};
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
    /// fn routes(files: impl HttpService, proxy: impl HttpService) -> GuardedRouter<App> {
    ///     GuardedRouter::new()
    ///         .guarded_service::<Reports>("/reports/{*file}", files)
    ///         .guarded_service::<(Reports, Authenticated<String>)>("/live", proxy)
    /// }
    /// ```
    ///
    /// # Panics
    /// As [`route`](Self::route).
    #[track_caller]
    pub fn guarded_service<P>(mut self, path: &str, service: impl HttpService) -> Self
    where
        S: Keyed<Key: Guards<P, State = S>>,
        P: 'static,
    {
        self.push(None, path, type_name_of_val(&service), S::Key::DECISION);
        let methods = routing::any(GuardedService::<P, _>::new(service));
        #[cfg(feature = "digest")]
        let methods = DigestLayer::around(methods, [S::Key::DECISION]);
        self.router = self.router.route(path, methods);
        self
    }

    /// Adds a service that everybody may call behind a prefix, and says why. The service sees the rest of the
    /// path.
    ///
    /// # Panics
    /// As [`nest`](Self::nest), and without a reason.
    #[track_caller]
    pub fn nest_public_service<Svc: HttpService>(
        mut self,
        path: &str,
        reason: &'static str,
        service: Svc,
    ) -> Self {
        let name = type_name::<Svc>();
        self.push(None, &behind(path), name, Decision::public(reason));
        self.router = self.router.nest_service(path, service);
        self
    }

    /// Adds a service behind a guard and a prefix. The service sees the rest of the path; otherwise it is as
    /// with [`guarded_service`](Self::guarded_service). A plain [`axum::Router`] is such a service.
    ///
    /// # Panics
    /// As [`nest`](Self::nest).
    #[track_caller]
    pub fn nest_guarded_service<P>(mut self, path: &str, service: impl HttpService) -> Self
    where
        S: Keyed<Key: Guards<P, State = S>>,
        P: 'static,
    {
        self.push(
            None,
            &behind(path),
            type_name_of_val(&service),
            S::Key::DECISION,
        );
        let methods = routing::any(GuardedService::<P, _>::new(service));
        #[cfg(feature = "digest")]
        let methods = DigestLayer::around(methods, [S::Key::DECISION]);
        self.nest_methods(path, methods)
    }

    /// The service that everybody may call with requests that no route takes, in place of an earlier
    /// fallback.
    ///
    /// # Panics
    /// Without a reason.
    #[track_caller]
    pub fn public_fallback_service<Svc: HttpService>(
        self,
        reason: &'static str,
        service: Svc,
    ) -> Self {
        let mut this = self.with_fallback(type_name::<Svc>(), Decision::public(reason));
        this.router = this.router.fallback_service(service);
        this
    }

    /// The service behind a guard that requests go to that no route takes, in place of an earlier fallback;
    /// otherwise it is as with [`guarded_service`](Self::guarded_service).
    #[track_caller]
    pub fn guarded_fallback_service<P>(self, service: impl HttpService) -> Self
    where
        S: Keyed<Key: Guards<P, State = S>>,
        P: 'static,
    {
        let mut this = self.with_fallback(type_name_of_val(&service), S::Key::DECISION);
        let service = GuardedService::<P, _>::new(service);
        #[cfg(feature = "digest")]
        if let Some(layer) = DigestLayer::needed_by([S::Key::DECISION]) {
            let layered = routing::any(service).layer(layer);
            this.router = this.router.fallback(layered);
            return this;
        }
        this.router = this.router.fallback(service);
        this
    }

    /// Serves the metadata of the protected resource of these settings (RFC 9728) at the path where clients look for
    /// them: to everybody, scripts of other origins included. The settings are best those of the state, so that
    /// challenges and document cannot disagree: see [`ProtectedResource`] for an example.
    ///
    /// Add it on the outermost router, and behind [`preflight`](Self::preflight) and [`layer`](Self::layer), which hold for
    /// what was added before: it answers preflights itself, from any origin, and your CORS layer would narrow that.
    ///
    /// # Panics
    /// If the settings have no protected resource, and as [`route`](Self::route): axum takes no path with a segment that
    /// begins with `:` or `*`.
    #[track_caller]
    pub fn protected_resource(mut self, settings: &Settings) -> Self {
        let resource = settings.protected_resource();
        #[expect(
            clippy::expect_used,
            reason = "as axum does where a route cannot be added"
        )]
        let resource = resource
            .expect("these settings have none: `Settings::with_protected_resource` gives them one; is the field of the state that holds them marked `#[auth(settings)]`?")
            .clone();
        resource.routed();
        let path = resource.metadata_path().to_owned();
        let methods = names_of(MethodFilter::GET.or(MethodFilter::OPTIONS));
        let name = type_name::<ProtectedResource>();
        let decision = Decision::public("protected resource metadata (RFC 9728)");
        let mut endpoint =
            Endpoint::new(Some(methods), name, Location::caller(), decision).at(&path);
        endpoint.is_well_known = true;
        self.endpoints.push(endpoint);
        let answer = async move |method: Method| resource.answer::<Body>(&method);
        self.router = self.router.route(&path, routing::any(answer));
        self
    }

    /// Lets a layer answer CORS preflights before any guard, for the routes that were added before, and says
    /// why.
    ///
    /// Browsers ask before they send a request to another origin, and they ask without credentials: a guard
    /// would answer 401, and the browser would give up. Nothing but this method makes an exception for
    /// them. What comes to the layer:
    ///
    /// - true preflights: `OPTIONS` with one `Origin` and one `Access-Control-Request-Method` (Fetch
    ///   standard, "CORS protocol"). If the layer does not answer them itself, they go on to the routes and
    ///   their guards;
    /// - requests of all other methods, so that it can add its fields to their answers, refusals included.
    ///
    /// Every other `OPTIONS` request goes past the layer to the routes and their guards: many layers, such
    /// as tower-http's `CorsLayer`, answer any `OPTIONS`, and under [`layer`](Self::layer) would hide your
    /// handlers of it.
    ///
    /// Scripts see a challenge only if `WWW-Authenticate` is exposed:
    ///
    /// ```
    /// # use auth_core::axum::GuardedRouter;
    /// use http::Method;
    /// use http::header::{AUTHORIZATION, CONTENT_TYPE, WWW_AUTHENTICATE};
    /// use tower_http::cors::CorsLayer;
    ///
    /// # fn example(router: GuardedRouter) -> Result<GuardedRouter, http::header::InvalidHeaderValue> {
    /// let cors = CorsLayer::new()
    ///     .allow_origin(["https://shop.example".parse()?])
    ///     .allow_methods([Method::GET, Method::POST])
    ///     .allow_headers([AUTHORIZATION, CONTENT_TYPE])
    ///     .expose_headers([WWW_AUTHENTICATE]);
    /// let router = router.preflight("the shop is on another origin", cors);
    /// # Ok(router)
    /// # }
    /// ```
    ///
    /// # Panics
    /// Without a reason.
    #[track_caller]
    pub fn preflight<L: HttpLayer>(mut self, reason: &'static str, layer: L) -> Self {
        let decision = Decision::preflight(reason);
        let methods = Some(MethodFilter::OPTIONS);
        self.push(methods, BEHIND, type_name::<L>(), decision);
        self.router = self.router.layer(Preflight(layer));
        self
    }

    /// Wraps all that was added before: routes, fallback and the answer 404.
    ///
    /// The layer runs before the guards: it sees requests of callers who are not known yet, it may change
    /// them, credentials included, or answer them itself, and it sees refusals with their
    /// [`Cause`](crate::Cause) in the extensions. What it takes from a request is not verified. To run
    /// something for admitted callers only, take an extractor behind the guard, or do it in the handler.
    pub fn layer<L: HttpLayer>(mut self, layer: L) -> Self {
        self.router = self.router.layer(layer);
        self
    }

    /// The same as [`layer`](Self::layer), but without fallbacks and the answer 404.
    ///
    /// # Panics
    /// If no route was added before.
    #[track_caller]
    pub fn route_layer<L: HttpLayer>(mut self, layer: L) -> Self {
        self.router = self.router.route_layer(layer);
        self
    }

    /// Gives the routes that were added before their state: guards find their verifiers in it. As in
    /// axum, the router that comes back may take another state.
    pub fn with_state<S2>(self, state: S) -> GuardedRouter<S2> {
        GuardedRouter {
            router: self.router.with_state(state),
            endpoints: self.endpoints,
        }
    }

    /// All that was added, in the order in which it was: for the log at start, and for a test that shows
    /// in a review who may call what.
    ///
    /// ```
    /// # use auth_core::{public, AuthState, Bearer, FnVerifier};
    /// # use auth_core::axum::{GuardedRouter, get};
    /// #[public(reason = "load balancer probe")]
    /// async fn health() -> &'static str { "ok" }
    ///
    /// let router: GuardedRouter = GuardedRouter::new().route("/health", get(health));
    /// for endpoint in router.endpoints() {
    ///     println!("{endpoint:#}");
    /// }
    /// ```
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    /// The plain router, which can be served. What is added to that one needs no decision.
    pub fn into_router(self) -> Router<S> {
        self.router
    }

    #[track_caller]
    fn push(
        &mut self,
        methods: Option<MethodFilter>,
        path: &str,
        handler: &'static str,
        decision: Decision,
    ) {
        let methods = methods.map(names_of);
        let endpoint = Endpoint::new(methods, handler, Location::caller(), decision);
        self.endpoints.push(endpoint.at(path));
    }

    #[track_caller]
    fn with_fallback(mut self, handler: &'static str, decision: Decision) -> Self {
        self.endpoints
            .retain(|endpoint| !(endpoint.is_fallback && endpoint.path() == BEHIND));
        let mut endpoint = Endpoint::new(None, handler, Location::caller(), decision).at(BEHIND);
        endpoint.is_fallback = true;
        self.endpoints.push(endpoint);
        self
    }

    /// What axum's `nest_service` does for services that need no state.
    #[track_caller]
    fn nest_methods(mut self, path: &str, methods: MethodRouter<S>) -> Self {
        let root = Router::new().route("/", methods.clone());
        let inner = root.clone().route(TAIL, methods);
        self.router = self.router.nest(path, inner);
        if !path.ends_with('/') {
            self.router = self.router.nest(&format!("{path}/"), root);
        }
        self
    }
}

/// The name is the one that axum gives to the tail of a nested service, and hides from `Path`. Under
/// another name it would be no more than one part of the path too many.
const TAIL: &str = "/{*__private__axum_nest_tail_param}";

/// The path of a fallback that axum loses when the router of these endpoints is nested: it looks into the
/// fallbacks of a router only if that has one of its own.
fn lost_fallback(endpoints: &[Endpoint]) -> Option<&str> {
    let fallbacks = || endpoints.iter().filter(|endpoint| endpoint.is_fallback);
    let has_own = fallbacks().any(|endpoint| endpoint.path() == BEHIND);
    let nested = fallbacks().next().filter(|_| !has_own);
    nested.map(Endpoint::path)
}
