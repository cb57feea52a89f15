//! poem 3 (feature `poem`): routes that take only functions with a decision, and a guard for handlers that poem routes by
//! itself.
//!
//! A [`GuardedRoute`] is built with the state that holds the verifiers, and is an endpoint as any other. A function without a
//! decision does not compile in it, nor does one whose verifier the state lacks:
//!
//! ```no_run
//! use auth_core::poem::{GuardedRoute, get};
//! use auth_core::{public, requires_auth, Authenticated, AuthState, Bearer, FnVerifier};
//! use poem::endpoint::BoxEndpoint;
//! use poem::EndpointExt;
//! use std::sync::Arc;
//!
//! #[derive(AuthState)]
//! struct Shop {
//!     #[auth(Bearer)]
//!     tokens: FnVerifier<Bearer, String>,
//! }
//!
//! // No `#[handler]`: the routes take the function itself.
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
//! fn routes(shop: Shop) -> BoxEndpoint<'static> {
//!     let shop = Arc::new(shop);
//!     let routes = GuardedRoute::new(Arc::clone(&shop))
//!         .nest("/api", GuardedRoute::new(shop).at("/orders", get(orders)))
//!         .at("/health", get(health));
//!     for endpoint in routes.endpoints() {
//!         println!("{endpoint}");
//!     }
//!     routes.boxed() // or Server::new(TcpListener::bind("127.0.0.1:8080")).run(routes)
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
//! The further arguments are extractors of poem that own what they extract: `Path`, `Query`, `Json`, `Form`, `Body`,
//! `Multipart`, `WebSocket`, `TypedHeader`, … Those that borrow from the request do not fit into a function that is called
//! later (`&Request`, `&HeaderMap`, `Data<&T>`): the compiler calls their "implementation of `FromRequest` not general enough",
//! and [`Owned`] and [`OwnedData`] make them fit.
//!
//! | poem | here |
//! | --- | --- |
//! | `Route::new().at("/orders", get(orders).post(add))` | [`GuardedRoute::new(state)`](GuardedRoute::new)[`.at("/orders", get(orders).post(add))`](GuardedRoute::at) |
//! | `at("/orders", orders)`, for all methods | `at("/orders", `[`any(orders)`](any)`)` |
//! | `nest` | [`nest`](GuardedRoute::nest); plain routes: [`nest_undecided`](GuardedRoute::nest_undecided) |
//! | `at`, `nest` of another endpoint | [`public_endpoint`](GuardedRoute::public_endpoint), [`guarded_endpoint`](GuardedRoute::guarded_endpoint), [`nest_public_endpoint`](GuardedRoute::nest_public_endpoint), [`nest_guarded_endpoint`](GuardedRoute::nest_guarded_endpoint) |
//! | `with`, `data` | around the outermost routes as always; inside, [`with`](GuardedRoute::with) and [`data`](GuardedRoute::data) give routes that can still be nested. Middleware runs before the guards, and sees their refusals as errors. CORS middleware that answers preflights belongs there |
//! | metadata for OAuth clients (RFC 9728) | [`protected_resource`](GuardedRoute::protected_resource) on the outermost routes |
//! | a path that no route has | `at("/*rest", any(…))`; without it, 404 to everybody |
//!
//! # Handlers that poem routes
//!
//! The attribute stands above `#[handler]`. There the guard sees no state, so the verifiers are in a
//! [`Registry`](crate::Registry), in the data of the request:
//!
//! ```
//! use auth_core::{requires_auth, Authenticated, Registry};
//! use poem::{Endpoint, EndpointExt, Route, get, handler};
//!
//! #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "orders:read")]
//! #[handler]
//! async fn orders(user: Authenticated<String>) -> String {
//!     format!("the orders of {}", *user)
//! }
//!
//! fn routes(registry: Registry) -> impl Endpoint {
//!     // registry: Registry::builder().bearer(tokens).build()?
//!     Route::new().at("/orders", get(orders)).data(registry)
//! }
//! ```
//!
//! What differs from a `GuardedRoute`:
//!
//! - A handler without an attribute is open, and nothing can tell: `#[handler]` makes a struct of the function.
//! - Without a registry, or without a verifier in it, every request is answered 500, and the log says what to add. Functions
//!   in a `GuardedRoute` whose state is a `Registry` make [`check`](crate::Registry::check) fail at start; for handlers that
//!   poem routes it can only warn ([`check_linked`](crate::Registry::check_linked) fails).
//! - `poem::get` makes a `GET` of a `HEAD` before the guard sees it. It is guarded all the same; but the method is part of
//!   what Digest covers, so that a client who logs in for `HEAD` gets 401.
//! - There is no `Authentication-Info` (Digest).
//! - `Option<T>` and `Result<T>` are extractors for every extractor `T`, and turn its refusal into a value. There is no
//!   way to write that by accident: the attribute writes the guard, whose type has no public name, and
//!   `Option<Authenticated<..>>` without an attribute does not compile. Do not name the hidden one.
//!
//! # `OpenAPI`
//!
//! `poem_openapi::OpenApi` rewrites the methods of its `impl` block. A guard around the service comes before everything, and
//! the methods find the identity in the data:
//!
//! ```text
//! GuardedRoute::new(shop).nest_guarded_endpoint::<(Api, Authenticated<User>)>("/api", service)
//!
//! #[oai(path = "/orders", method = "get")]
//! async fn orders(&self, user: Data<&Authenticated<User>>) -> PlainText<String> { … }
//! ```
//!
//! Methods with different demands check for themselves, by the [inline form](crate::language#functions-that-keep-their-signature).
//! They take the request and return a `poem::Result`; above or below `#[oai(…)]` makes no difference:
//!
//! ```text
//! #[oai(path = "/orders", method = "get")]
//! #[requires_auth(Api, scope = "orders:read", request = request, state = self.shop, identity = user: User)]
//! async fn orders(&self, request: &Request) -> poem::Result<PlainText<String>> { … }
//! ```
//!
//! There poem extracts all arguments before the method begins to check: somebody without credentials learns that a body or a
//! parameter was wrong (400), and the body is read for him. The method never runs. `auth-int` of Digest is answered 500, and
//! there is no `Authentication-Info`.
//!
//! # In all of them
//!
//! - The body is not read before the guard has passed, and not at all if it refuses; the inline form is the exception. Under
//!   `auth-int` of Digest the guard reads it, up to the limit of the verifier, and the handler gets all of it.
//! - A refusal is an error ([`Refused`]): `catch_all_error`, `catch_error`, `inspect_all_err` and middleware see it, with the
//!   [`Cause`](crate::Cause) in its data. Left alone it is answered with status, challenges and body. An error handler that
//!   makes another response has to keep `WWW-Authenticate`, as RFC 9110 §15.5.2 demands.
//! - Where the handler answers with an error of its own there is no `Authentication-Info` either: what it becomes is made
//!   further out.
//! - Verifiers see the target as the client sent it, under nested routes and behind middleware that rewrites it. They see the
//!   data of the request, and the address of the peer (`SocketAddr`).
//! - Panics are for `poem::middleware::CatchPanic`.

#[cfg(feature = "digest")]
mod content;
mod extract;
mod owned;
mod refusal;
mod request;
mod routing;
mod shown;

pub use crate::adapter::decided::{FirstArgument, Key, Keyed, ServiceGuard};
pub use crate::adapter::endpoint::{Decision, Endpoint};
pub use owned::{Owned, OwnedData};
pub use refusal::Refused;
pub use routing::{
    Arguments, DecidedFunction, DecidedMethods, DecidedRoutes, Decides, GuardedRoute,
    GuardedRouteMethod, Guards, LayeredRoute, Serves, any, connect, delete, get, head, options,
    patch, post, put, trace,
};
