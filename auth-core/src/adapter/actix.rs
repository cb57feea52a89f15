//! actix-web 4 (feature `actix`): a scope that takes only handlers with a decision, and a guard for handlers that actix-web
//! routes by itself.
//!
//! A [`GuardedScope`] is built once, with the state that holds the verifiers, and cloned into each worker. A handler without
//! a decision does not compile in it, nor does one whose verifier the state lacks:
//!
//! ```no_run
//! use actix_web::{App, HttpServer};
//! use auth_core::actix::{GuardedScope, get};
//! use auth_core::{public, requires_auth, Authenticated, AuthState, Bearer, FnVerifier};
//! use std::sync::Arc;
//!
//! #[derive(AuthState)]
//! struct Shop {
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
//! # async fn example(shop: Shop) -> std::io::Result<()> {
//! let shop = Arc::new(shop);
//! let routes = GuardedScope::new("", Arc::clone(&shop))
//!     .service(GuardedScope::new("/api", shop).route("/orders", get(orders)))
//!     .route("/health", get(health));
//! for endpoint in routes.endpoints() {
//!     println!("{endpoint}");
//! }
//! HttpServer::new(move || App::new().service(routes.clone()))
//!     .bind("127.0.0.1:8080")?
//!     .run()
//!     .await
//! # }
//! ```
//!
//! It prints (with the paths of your modules):
//!
//! ```text
//! GET /api/orders shop::orders requires Bearer (orders:read)
//! GET /health shop::health is public: load balancer probe
//! ```
//!
//! | actix-web | here |
//! | --- | --- |
//! | `web::scope`, `service` of a scope | [`GuardedScope::new`], [`service`](GuardedScope::service) |
//! | `route("/orders", web::get().to(orders))` | [`route("/orders", get(orders))`](GuardedScope::route); several methods together: `get(list).post(add)` |
//! | `web::resource` with middleware or guards | [`get(orders).resource("/orders", &state)`](GuardedRoute::resource), on an `App` or a scope of actix-web |
//! | `default_service` | [`default_service`](GuardedScope::default_service) |
//! | `service` of something without a decision | [`public_service`](GuardedScope::public_service), [`guarded_service`](GuardedScope::guarded_service), [`undecided`](GuardedScope::undecided) |
//! | `app_data(web::Data<Shop>)` for the handlers | as always: the state of a scope is for its guards alone. One `web::Data<Shop>` serves both: it is a state for guards, as `Arc<Shop>` is |
//! | metadata for OAuth clients (RFC 9728) | [`protected_resource(&settings)`](GuardedScope::protected_resource) of the outermost scope; without one, [a service](protected_resource) for the `App` |
//! | `wrap` | around it: `web::scope("").wrap(…).service(routes.clone())`, or on the `App`. Middleware runs before the guards and sees their refusals, with the [`Cause`](crate::Cause) in the extensions of the response. CORS middleware that answers preflights belongs there |
//!
//! A scope of the empty prefix is the last service of its `App`: actix-web asks it for every path, and what is added behind it
//! answers 404 to everybody.
//!
//! # Handlers that actix-web routes
//!
//! The attributes work above and below `#[get]` and its like, and with `web::get().to(…)`. There the guard sees no state, so
//! the verifiers are in a [`Registry`](crate::Registry), which every `App` is given (a clone, or one `web::Data` of it):
//!
//! ```
//! use actix_web::{App, get};
//! use auth_core::{requires_auth, Authenticated, Registry};
//!
//! #[get("/orders")]
//! #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "orders:read")]
//! async fn orders(user: Authenticated<String>) -> String {
//!     format!("the orders of {}", *user)
//! }
//!
//! # fn example(registry: Registry) {
//! // registry: Registry::builder().bearer(tokens).build()?
//! let app = move || App::new().app_data(registry.clone()).service(orders);
//! # let _ = app();
//! # }
//! ```
//!
//! What differs from a `GuardedScope`:
//!
//! - A handler without an attribute is open, and nothing can tell.
//! - Without a registry, or without a verifier in it, every request is answered 500, and the log says what to add. Handlers
//!   in a `GuardedScope` whose state is a `Registry` make [`check`](crate::Registry::check) fail at start; for those
//!   routed by actix-web it can only warn ([`check_linked`](crate::Registry::check_linked) fails).
//! - actix-web polls all extractors of a handler together, and takes the first error. The guard settles in its first poll,
//!   and so before all others, what needs no verifier: credentials that are missing, foreign or malformed; and the rest too,
//!   if the verifier does not wait for anything. **While a verifier waits** (for a database, say), the error of another
//!   extractor that is ready at once may be the answer: `web::Path`, `web::Query` or the check of `Content-Type` of
//!   `web::Json`. So callers with credentials that are well formed, good or not, can learn that such a part of their request
//!   was wrong. The handler does not run, and the body is not read. An extractor with effects of its own has them even if the
//!   guard refuses in the end. In a `GuardedScope` the guard is always first.
//! - There is no `Authentication-Info` (Digest).
//! - `Option<T>` and `Result<T, E>` are extractors for every extractor `T`, and turn its refusal into a value. There is no
//!   way to write that by accident: the attribute writes the guard, whose type has no public name, and
//!   `Option<Authenticated<..>>` without an attribute does not compile. Do not name the hidden one.
//!
//! # An existing service
//!
//! All of it goes into a `GuardedScope` first, by the functions that `App::configure` took. It works as before:
//!
//! ```
//! use actix_web::web::{ReqData, ServiceConfig, get as plain_get};
//! use auth_core::actix::{GuardedScope, get};
//! use auth_core::{auth_policy, requires_auth, Authenticated, Registry};
//!
//! #[auth_policy(scheme = "Bearer", realm = "Shop")]
//! pub struct Api;
//!
//! // Has moved: no `#[get]`.
//! #[requires_auth(Api, scope = "orders:read")]
//! async fn orders(user: Authenticated<String>) -> String {
//!     format!("the orders of {}", *user)
//! }
//!
//! // Has not: the scope guards all that is configured with it.
//! async fn report(user: ReqData<Authenticated<String>>) -> String {
//!     format!("for {}", **user)
//! }
//!
//! fn reports(config: &mut ServiceConfig) {
//!     config.route("/today", plain_get().to(report));
//! }
//!
//! # fn the_rest(config: &mut ServiceConfig) {}
//! fn routes(registry: Registry) -> GuardedScope<Registry> {
//!     GuardedScope::new("", registry)
//!         .route("/orders", get(orders))
//!         .guarded_service::<(Api, Authenticated<String>)>("/reports", reports)
//!         .undecided("moves in March", the_rest)
//! }
//! ```
//!
//! - Where one policy is right for a whole `web::scope`, `guarded_service` is all that there is to do, and nothing in it can
//!   be forgotten. The prefix may be empty: `guarded_service::<(Api, Authenticated<User>)>("", configure)` guards a service of
//!   any size by one line.
//! - An extractor of yours by which handlers know their caller can stay in there, with another body: it finds what the guard
//!   has left, `request.extensions().get::<Authenticated<User>>()`.
//! - Handlers under `#[get]` may have their attribute before they move. They ask the registry of the `App`, so as long as there
//!   are any, let it be the state of the scopes as well, as above, and give it to the `App`:
//!   `App::new().app_data(registry.clone()).service(routes.clone())`. The last one gone, a struct with `#[derive(AuthState)]`
//!   takes its place, and the compiler finds what `check` found.
//! - What middleware checked in `wrap` becomes a verifier; what it put among the extensions of the request becomes the
//!   identity. While both are there, the middleware comes first.
//! - Functions with `&mut ServiceConfig` in a module with the attribute are marked `#[helper]`. Else they are taken for
//!   handlers, and `configure` complains that one "takes 2 arguments".
//!
//! # In both
//!
//! - A condition over what an extractor holds goes through `*`, since `web::Path` and its like cannot be taken apart among the
//!   arguments: `permit = user.sub == *name` with `name: web::Path<String>`.
//! - The body is not read before the guard has passed, and not at all if it refuses: other extractors get a payload that
//!   waits. Under `auth-int` of Digest the guard reads it, up to the limit of the verifier, and the handler gets all of it.
//! - actix-web answers `Expect: 100-continue` by itself, before any handler: the client is told to send its body, though it
//!   may be refused unread.
//! - [`Refusal`](crate::Refusal) is a [`ResponseError`](actix_web::ResponseError): it reaches `ErrorHandlers` and other
//!   middleware with status, challenges and body. Middleware that replaces the response of an error has to keep
//!   `WWW-Authenticate`, as RFC 9110 §15.5.2 demands.
//! - Verifiers see method and target as the client sent them, also in nested scopes. `NormalizePath` and other middleware
//!   that rewrites the target runs before the guard, which then sees what was written: for Digest and other schemes that
//!   sign the target, do without it.
//! - Of the extensions of the request, verifiers see the address of the peer (`SocketAddr`) and what middleware puts into an
//!   [`http::Extensions`] there: those of actix-web themselves can be lent for moments only.
//! - The inline form takes `request = request` with an [`HttpRequest`](actix_web::HttpRequest), in functions that
//!   return `HttpResponse` or a `Result` with [`actix_web::Error`]; `state` names a `web::Data` of a struct with `#[derive(AuthState)]`, `state = app`.

#[cfg(feature = "digest")]
mod content;
mod data;
#[cfg(feature = "digest")]
mod digest;
mod extract;
mod parked;
mod refusal;
mod request;
mod routing;
mod shown;

pub use crate::adapter::decided::ServiceGuard;
pub use crate::adapter::endpoint::{Decision, Endpoint};
pub use routing::*;
