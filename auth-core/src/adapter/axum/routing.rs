//! axum 0.8: a router that takes only handlers with a decision (feature `axum`).
//!
//! Handlers under the attributes work on an [`axum::Router`] as well. There a handler without an attribute is
//! open, and the compiler does not say what a state lacks. A [`GuardedRouter`] takes nothing else than
//! handlers under [`#[requires_auth]`](macro@crate::requires_auth) or [`#[public]`](macro@crate::public).
//!
//! ```
//! use auth_core::{public, requires_auth, Authenticated, AuthState, Bearer, FnVerifier};
//! use auth_core::axum::{GuardedRouter, get};
//! use std::sync::Arc;
//!
//! #[derive(AuthState)]
//! struct App {
//!     #[auth(Bearer)]
//!     tokens: FnVerifier<Bearer, String>,
//! }
//!
//! #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "orders:read")]
//! async fn orders(user: Authenticated<String>) -> String {
//!     format!("the orders of {}", *user)
//! }
//!
//! #[public(reason = "load balancer probe")]
//! async fn health() -> &'static str {
//!     "ok"
//! }
//!
//! fn routes(app: App) -> axum::Router {
//!     let router = GuardedRouter::new()
//!         .nest("/api", GuardedRouter::new().route("/orders", get(orders)))
//!         .route("/health", get(health));
//!     for endpoint in router.endpoints() {
//!         println!("{endpoint}");
//!     }
//!     router.with_state(Arc::new(app)).into_router()
//! }
//! ```
//!
//! It prints (with the paths of your modules):
//!
//! ```text
//! GET /api/orders shop::orders requires Bearer (orders:read)
//! GET /health shop::health is public: load balancer probe
//! ```
//!
//! **Methods.** Protection hangs on the handler, so no method and no spelling of a path goes around it. `HEAD`
//! follows `GET`. `OPTIONS` is a method like any other; CORS preflights are let through by
//! [`GuardedRouter::preflight`] only.
//!
//! **Other names.** Services have no attribute: they are added with a policy, or with the reason why they are public.
//!
//! | axum | here |
//! | --- | --- |
//! | `route_service` | [`guarded_service`](GuardedRouter::guarded_service), [`public_service`](GuardedRouter::public_service) |
//! | `nest_service` | [`nest_guarded_service`](GuardedRouter::nest_guarded_service), [`nest_public_service`](GuardedRouter::nest_public_service) |
//! | `fallback_service` | [`guarded_fallback_service`](GuardedRouter::guarded_fallback_service), [`public_fallback_service`](GuardedRouter::public_fallback_service) |
//! | `fallback` of a `MethodRouter` | [`any`](GuardedMethodRouter::any) |
//! | `merge`, `nest` of a plain router | [`undecided`](GuardedRouter::undecided), `nest_guarded_service`, `nest_public_service` |
//! | `method_not_allowed_fallback`, `reset_fallback`, `into_make_service`, … | on the router that [`into_router`](GuardedRouter::into_router) gives; what is added there needs no decision |
//!
//! **Types.** A router that still needs its state is a `GuardedRouter<Arc<App>>`; one that has it is a `GuardedRouter`.
//! Where the compiler cannot infer it, write `let router: GuardedRouter = …`.
//!
//! **Digest** (feature `digest`). Paths whose policies name it get the layer that shows its guards the content of requests,
//! and adds `Authentication-Info` to answers; other paths pay nothing. A plain router is given a `DigestLayer`.
//!
//! **Unknown paths** are answered 404 to everybody, unless there is a fallback; that has a decision as well.

#[cfg(feature = "digest")]
mod digest;
mod handler;
mod methods;
mod preflight;
mod router;
mod service;

pub use crate::adapter::endpoint::{Decision, Endpoint};
pub use axum::routing::MethodFilter;
#[cfg(feature = "digest")]
pub use digest::{DigestLayer, DigestService};
pub use handler::{Arguments, DecidedHandler, FirstArgument, Key, Keyed, Serves};
pub use methods::{
    DecidedMethods, GuardedMethodRouter, any, delete, get, head, on, options, patch, post, put,
};
pub use router::{DecidedRoutes, GuardedRouter};
pub use service::{Guards, HttpLayer, HttpService, ServiceGuard};
