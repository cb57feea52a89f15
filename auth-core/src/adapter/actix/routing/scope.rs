//! The scope.

use core::any::type_name;
use core::fmt;
use core::panic::Location;
use std::sync::Arc;

use actix_web::dev::{AppService, HttpServiceFactory};
use actix_web::middleware::from_fn;
use actix_web::web::{self, ServiceConfig};
use actix_web::{Resource, Scope};

use super::behind::behind_guard;
use super::handler::{DecidedHandler, Decides, FirstArgument, Keyed, Serves};
use super::methods::{DecidedMethods, GuardedRoute, Handler};
use crate::adapter::decided::ServiceGuard;
use crate::adapter::endpoint::{BEHIND, Decision, Endpoint};
use crate::guard::Guard;
use crate::resource::ProtectedResource;
use crate::state::Settings;

/// An [`actix_web::Scope`] that takes only handlers with a decision, and extracts strictly in order: the guard first, then
/// one argument after the other.
///
/// It is built once and cloned for each worker; see [the module](crate::actix) for an example. `S` is the state that guards ask:
/// `Arc<App>` of a struct with `#[derive(AuthState)]`, where a missing verifier does not compile, or a
/// [`Registry`](crate::Registry), whose [`check`](crate::Registry::check) fails then.
#[must_use]
pub struct GuardedScope<S> {
    path: String,
    state: S,
    parts: Vec<Part>,
    default: Option<Handler<S>>,
    endpoints: Vec<Endpoint>,
}

/// Mounts a part of a scope, in each worker anew.
type Part = Arc<dyn Fn(&mut ServiceConfig) + Send + Sync>;

impl<S: Clone> Clone for GuardedScope<S> {
    fn clone(&self) -> Self {
        Self {
            path: self.path.clone(),
            state: self.state.clone(),
            parts: self.parts.clone(),
            default: self.default.clone(),
            endpoints: self.endpoints.clone(),
        }
    }
}

impl<S> fmt::Debug for GuardedScope<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GuardedScope")
            .field("endpoints", &self.endpoints)
            .finish_non_exhaustive()
    }
}

impl<S: Clone + Send + Sync + 'static> HttpServiceFactory for GuardedScope<S> {
    fn register(self, config: &mut AppService) {
        let mut scope = Scope::new(&self.path).configure(|config| {
            for part in &self.parts {
                part(config);
            }
        });
        if let Some(default) = &self.default {
            scope = scope.default_service(default.plain_route(&self.state));
        }
        scope.register(config);
    }
}

/// A scope whose handlers all have a decision: [`GuardedScope`] only.
#[diagnostic::on_unimplemented(
    message = "handlers in a `{Self}` may have no decision",
    label = "not a `GuardedScope`",
    note = "build it as a `GuardedScope`, or put its handler on a route, `.route(\"/path\", get(handler))`, without `#[get(\"/path\")]` on it; what is to be decided later goes into `.undecided(\"why\", configure)`, and a service that everybody may call into `.public_service(\"why\", || service)`"
)]
pub trait DecidedScope {
    /// The state that its guards ask.
    type State: Clone + Send + Sync + 'static;

    #[doc(hidden)]
    fn into_scope(self) -> GuardedScope<Self::State>;
}

impl<S: Clone + Send + Sync + 'static> DecidedScope for GuardedScope<S> {
    type State = S;

    fn into_scope(self) -> Self {
        self
    }
}

impl<S: Clone + Send + Sync + 'static> GuardedScope<S> {
    /// A scope without routes, behind this prefix: a path as actix-web writes it, or the empty one for a whole application.
    pub fn new(path: &str, state: S) -> Self {
        Self {
            path: path.to_owned(),
            state,
            parts: Vec::new(),
            default: None,
            endpoints: Vec::new(),
        }
    }

    /// Adds the handlers of a path, written as actix-web writes it: `/orders/{id}`.
    ///
    /// # Panics
    /// If the path is taken: its handlers stand together, `get(list).post(add)`.
    #[track_caller]
    pub fn route<R>(mut self, path: &str, methods: R) -> Self
    where
        R: DecidedMethods<State = S>,
    {
        let methods = methods.into_route();
        let full = joined(&self.path, path);
        let taken = self.endpoints.iter().any(|other| other.path() == full);
        assert!(
            !taken,
            "the path {full} is taken: write its handlers together, `get(list).post(add)`"
        );
        for handler in methods.handlers() {
            handler.mount(&self.state);
            self.endpoints.push(handler.endpoint.clone().at(&full));
        }
        let (path, state) = (path.to_owned(), self.state.clone());
        self.with_part(move |config| {
            config.service(methods.resource(&path, &state));
        })
    }

    /// Adds another scope behind the prefix of this one. It has a state of its own, mostly a clone of this one's.
    ///
    /// actix-web asks the default service of the nested scope for what is unknown there, or else that of the `App`, and never
    /// that of this scope.
    ///
    /// # Panics
    /// If the other scope has a [protected resource](Self::protected_resource), and this one a prefix, behind which no client
    /// would look for it.
    #[track_caller]
    pub fn service<R: DecidedScope>(mut self, scope: R) -> Self {
        let scope = scope.into_scope();
        let moved = scope
            .endpoints
            .iter()
            .any(|endpoint| endpoint.is_well_known);
        assert!(
            !moved || self.path.is_empty(),
            "clients do not look for the metadata behind the prefix {}: call `protected_resource` on the outermost scope, one without a prefix",
            self.path
        );
        let nested = scope.endpoints.iter().cloned();
        for endpoint in nested {
            let full = joined(&self.path, endpoint.path());
            self.endpoints.push(endpoint.at(&full));
        }
        self.with_part(move |config| {
            config.service(scope.clone());
        })
    }

    /// The handler of requests that no route takes, in place of an earlier one. Without any, it is the default service of the
    /// `App`: 404 to everybody, unless you gave it another one.
    #[track_caller]
    pub fn default_service<H, T>(mut self, handler: H) -> Self
    where
        H: DecidedHandler<T>,
        S: Keyed<Key: Serves<H, T, State = S>>,
    {
        let full = joined(&self.path, BEHIND);
        self.endpoints
            .retain(|endpoint| !(endpoint.is_fallback && endpoint.path() == full));
        let handler = Handler::new(None, handler);
        handler.mount(&self.state);
        let mut endpoint = handler.endpoint.clone().at(&full);
        endpoint.is_fallback = true;
        self.endpoints.push(endpoint);
        self.default = Some(handler);
        self
    }

    /// Adds a service that everybody may call, and says why. It is made anew in each worker.
    ///
    /// ```
    /// # use auth_core::actix::GuardedScope;
    /// # use actix_web::{HttpResponse, web};
    /// # fn example<S: Clone + Send + Sync + 'static>(scope: GuardedScope<S>) -> GuardedScope<S> {
    /// scope.public_service("pictures of the shop", || {
    ///     web::resource("/logo").to(|| async { HttpResponse::Ok().body("…") })
    /// })
    /// # }
    /// ```
    ///
    /// # Panics
    /// Without a reason.
    #[track_caller]
    pub fn public_service<F, Svc>(mut self, reason: &'static str, service: F) -> Self
    where
        F: Fn() -> Svc + Send + Sync + 'static,
        Svc: HttpServiceFactory + 'static,
    {
        let decision = Decision::public(reason);
        self.push(BEHIND, type_name::<Svc>(), decision);
        self.with_part(move |config| {
            config.service(service());
        })
    }

    /// Serves the metadata of the protected resource of these settings (RFC 9728), at the path where clients look for them: to
    /// everybody, scripts of other origins included. It belongs on the outermost scope, before which
    /// [`protected_resource`](super::protected_resource) would have to stand on the `App`: a scope without a prefix takes
    /// every path.
    ///
    /// # Panics
    /// If the settings have none, or if this scope has a prefix, behind which no client would look.
    #[track_caller]
    pub fn protected_resource(mut self, settings: &Settings) -> Self {
        assert!(
            self.path.is_empty(),
            "clients do not look for the metadata behind the prefix {}: call `protected_resource` on the outermost scope, one without a prefix",
            self.path
        );
        let metadata = super::protected_resource(settings);
        let methods = Some(vec!["GET", "OPTIONS"]);
        let decision = Decision::public("protected resource metadata (RFC 9728)");
        let name = type_name::<ProtectedResource>();
        let mut endpoint = Endpoint::new(methods, name, Location::caller(), decision);
        endpoint = endpoint.at(metadata.path());
        endpoint.is_well_known = true;
        self.endpoints.push(endpoint);
        // Before all others: a scope in this one that has no prefix either would take its path.
        let part: Part = Arc::new(move |config| {
            config.service(metadata.clone());
        });
        self.parts.insert(0, part);
        self
    }

    /// Adds what is configured behind this prefix, and behind a guard: services that have no attribute. It runs before them.
    /// They find the identity among the extensions of the request, if `(Policy, W)` asks for one:
    ///
    /// ```
    /// use actix_web::web::{self, ReqData};
    /// use auth_core::actix::GuardedScope;
    /// use auth_core::{Authenticated, AuthState, Bearer, FnVerifier, auth_policy};
    /// use std::sync::Arc;
    ///
    /// #[auth_policy(scheme = "Bearer", realm = "Reports")]
    /// pub struct Reports;
    ///
    /// # #[derive(AuthState)] struct App { #[auth(Bearer)] tokens: FnVerifier<Bearer, String> }
    /// async fn report(user: ReqData<Authenticated<String>>) -> String {
    ///     format!("for {}", **user)
    /// }
    ///
    /// # fn example(app: Arc<App>) -> GuardedScope<Arc<App>> {
    /// GuardedScope::new("", app).guarded_service::<(Reports, Authenticated<String>)>("/reports", |config| {
    ///     config.route("/today", web::get().to(report));
    /// })
    /// # }
    /// ```
    #[track_caller]
    pub fn guarded_service<P>(
        mut self,
        path: &str,
        configure: impl Fn(&mut ServiceConfig) + Send + Sync + 'static,
    ) -> Self
    where
        P: ServiceGuard,
        Guard<P::Policy, P::Identity>: Decides<S>,
    {
        let decision = <Guard<P::Policy, P::Identity> as FirstArgument>::DECISION;
        Guard::<P::Policy, P::Identity>::mount(&self.state, Location::caller());
        self.push(&format!("{path}{BEHIND}"), CONFIGURED, decision);
        let (path, state) = (path.to_owned(), self.state.clone());
        self.with_part(move |config| {
            let state = state.clone();
            let guard =
                from_fn(move |request, next| behind_guard::<P, S>(state.clone(), request, next));
            config.service(web::scope(&path).configure(&configure).wrap(guard));
        })
    }

    /// Adds what is configured as it is, and says why nobody has decided yet: with it a service moves over one handler at a
    /// time. Nothing guards it but what is in it. It is listed as one endpoint, since what is in it cannot be known.
    ///
    /// Handlers under `#[get(…)]` and the like come here too: what they become does not tell whether there is a decision in it.
    ///
    /// # Panics
    /// Without a reason.
    #[track_caller]
    pub fn undecided(
        mut self,
        reason: &'static str,
        configure: impl Fn(&mut ServiceConfig) + Send + Sync + 'static,
    ) -> Self {
        let decision = Decision::undecided(reason);
        self.push(BEHIND, CONFIGURED, decision);
        self.with_part(configure)
    }

    /// All that was added, in the order in which it was: for the log at start, and for a test that shows
    /// in a review who may call what.
    #[must_use]
    pub fn endpoints(&self) -> &[Endpoint] {
        &self.endpoints
    }

    #[track_caller]
    fn push(&mut self, path: &str, name: &'static str, decision: Decision) {
        let endpoint = Endpoint::new(None, name, Location::caller(), decision);
        self.endpoints.push(endpoint.at(&joined(&self.path, path)));
    }

    fn with_part(mut self, part: impl Fn(&mut ServiceConfig) + Send + Sync + 'static) -> Self {
        self.parts.push(Arc::new(part));
        self
    }
}

impl<S: Clone> GuardedRoute<S> {
    /// These handlers at a path, with the state that their guards ask, for an `App` or a scope of actix-web itself: they
    /// extract strictly in order there too.
    ///
    /// ```
    /// # use auth_core::actix::{GuardedRoute, get};
    /// # fn example(handlers: GuardedRoute<std::sync::Arc<String>>, state: std::sync::Arc<String>) {
    /// use actix_web::{App, middleware::Logger};
    ///
    /// let app = App::new().service(handlers.resource("/orders", &state).wrap(Logger::default()));
    /// # }
    /// ```
    pub fn resource(&self, path: &str, state: &S) -> Resource {
        let resource = Resource::new(path);
        self.routes(state)
            .into_iter()
            .fold(resource, Resource::route)
    }
}

/// The name of what has no type to tell.
const CONFIGURED: &str = "actix_web::web::ServiceConfig";

/// As actix-web joins them.
fn joined(prefix: &str, path: &str) -> String {
    let slash = |path: &str| {
        let missing = !path.is_empty() && !path.starts_with('/');
        format!("{}{path}", if missing { "/" } else { "" })
    };
    format!("{}{}", slash(prefix), slash(path))
}
