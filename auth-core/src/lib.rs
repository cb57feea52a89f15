//! One attribute on a handler: it runs only for a caller whose credentials were verified. Everybody else
//! gets the refusal that the HTTP standards ask for.
//!
//! A complete program for axum 0.8 (features `axum`, `jwt`):
//!
#![cfg_attr(all(feature = "axum", feature = "jwt"), doc = "```no_run")]
#![cfg_attr(not(all(feature = "axum", feature = "jwt")), doc = "```ignore")]
//! use std::error::Error;
//! use std::sync::Arc;
//!
//! use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, Key};
//! use auth_core::{AuthState, Authenticated, public, requires_auth};
//! use axum::{Router, routing::get};
//!
//! // What this service reads from a token.
//! #[derive(Clone, serde::Deserialize)]
//! struct Claims {
//!     sub: String,
//! }
//!
//! // Who checks what: one field for each scheme.
//! #[derive(AuthState)]
//! struct App {
//!     #[auth(Bearer)]
//!     tokens: JwtVerifier<Claims>,
//! }
//!
//! #[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
//! async fn orders(user: Authenticated<Claims>) -> String {
//!     format!("the orders of {}", user.sub)
//! }
//!
//! #[public(reason = "load balancer probe")]
//! async fn health() -> &'static str {
//!     "ok"
//! }
//!
//! #[tokio::main]
//! async fn main() -> Result<(), Box<dyn Error>> {
//!     let app = App {
//!         tokens: JwtVerifier::new(
//!             Issuer::new("https://login.example.com/"),
//!             Audience::new("https://orders.example.com"),
//!             [Algorithm::ES256],
//!             [Key::from_pem(Algorithm::ES256, std::fs::read("issuer.pem")?)?],
//!         )?,
//!     };
//!     let router = Router::new()
//!         .route("/orders", get(orders))
//!         .route("/health", get(health))
//!         .with_state(Arc::new(app));
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//!     Ok(axum::serve(listener, router).await?)
//! }
//! ```
//!
//! Called without a token, `/orders` answers 401 with
//! `WWW-Authenticate: Bearer realm="API", scope="orders:read"`.
//!
//! Without a framework, see [`http`]; for a whole tower service, the layer in `tower` (feature `tower`).
//!
//! # The language of the attribute
//!
//! [`#[requires_auth(..)]`](macro@requires_auth) says what a handler demands, in one of three forms:
//!
//! ```
//! # use auth_core::{auth_policy, requires_auth};
//! #[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
//! async fn one_scheme() {}
//!
//! #[requires_auth(any(Bearer(realm = "API", scope = "orders:read"), Basic(realm = "Dev zone")))]
//! async fn one_of_several() {}
//!
//! #[auth_policy(Bearer(realm = "API"))]
//! pub struct Api;
//!
//! #[requires_auth(Api)]
//! async fn a_policy_with_a_name() {}
//! ```
//!
//! `Bearer(realm = "API")` is the same as `scheme = "Bearer", realm = "API"`. *Inside* is a member of `any(..)`.
//! [`#[auth_policy(..)]`](macro@auth_policy) takes the same keys. A named policy is used as it is: only `crate`
//! may stand beside its path.
//!
//! | key | value | where | what the challenge says |
//! | --- | --- | --- | --- |
//! | `scheme` | `"Bearer"`, `"Basic"`, `"ApiKey"`, in these letter cases, or the name of a field that begins with `X-` | top | its name |
//! | `realm` | printable ASCII, not empty: a string literal, or the path of a `const` of type `&str` | top, inside, or beside `any` for all members; every scheme needs one | `realm="…"`, escaped |
//! | `scope` | one or more scopes (RFC 6750 §3), separated by one space; all of them are demanded | top, inside, or beside `any` for all members; any scheme | Bearer: `scope="…"`; others nothing |
//! | `header` | name of the field with the key; not one that HTTP has a use for, such as `Authorization` | with `ApiKey`, which needs it | `in="header", name="…"` |
//! | `charset` | `"UTF-8"` (the default) or the word `none` | with `Basic` | `charset="UTF-8"`, or nothing |
//! | `error_when_missing` | an error code (RFC 6750 §3 says of which characters) | with `Bearer` | `error="…"` when nothing was presented, where RFC 6750 §3.1 says nothing |
//! | `verifier` | path of the tag that the state's field has, for a second verifier of one scheme | top or inside; any scheme | |
//! | `optional` | none: just the word | top | |
//! | `crate` | path of this crate, if it has another name | top | |
//! | `any(..)` | two to eight members with different carriers | top | one challenge for each, in this order, each a field line of its own |
//!
//! `scheme = "X-API-Key", realm = "API"` is an [`ApiKey`] in the field `X-API-Key` whose challenge is
//! `X-API-Key realm="API"`: some APIs promise this. It cannot stand in `any(..)`.
//!
//! **The identity.** An argument of type [`Authenticated<T>`](Authenticated) is the caller: `T` is what the verifier
//! yields, or implements `From` that. It may stand anywhere among the arguments, or be left out. With `optional` it is
//! `Option<Authenticated<T>>`: `None` if nothing was presented; what is presented and wrong is refused all the same,
//! a scheme that is not accepted included (behind a proxy that demands Basic, say). It is no pattern:
//! [`into_inner`](Authenticated::into_inner) gives the `T`. "`User: From<Claims>` is not satisfied" says that the
//! verifier yields `Claims`: ask for that, or implement `From`.
//!
//! **Open handlers.** [`#[public(reason = "…")]`](macro@public) says that everybody may call a handler, and why.
//!
//! **The state.** [`#[derive(AuthState)]`](derive@AuthState) on the application's struct: `#[auth(Bearer)]` marks the
//! field with the verifier of a scheme, `#[auth(Bearer, tag = Partner)]` that of a second one, and
//! `#[auth(settings)]` the [`Settings`].
//!
//! **Placement.** Above all other attributes. `#[debug_handler(state = App)]` works only below; `#[instrument]` and
//! `#[utoipa::path]` work above and below.
//!
//! # Features
//!
//! None is on by default, and they only add. Without any there are the attributes, Basic, Bearer and API keys with
//! verifiers of your own, and plain [`http`].
//!
//! | feature | adds |
//! | --- | --- |
//! | `axum` | handlers of axum 0.8 |
//! | `tower` | a layer that guards a service, and guarded handlers as services |
//! | `jwt` | `JwtVerifier`: JSON Web Tokens with keys that are given at the start |
//! | `passwords` | `Passwords`: users with Argon2, scrypt or bcrypt hashes; htpasswd files |
//! | `api-keys` | `ApiKeys`, and a generator for new ones |
//! | `tracing` | one event for each decision |
//! | `testing` | tokens and verifiers for the tests of applications |
//!
//! # How a request travels
//!
//! 1. The framework asks for the first argument of the handler, a guard that the attribute put there. The adapter
//!    collects the header fields and the state; the body is left alone.
//! 2. Every carrier that the policy names is read once: `Authorization`, and the fields of API keys. A carrier that
//!    occurs twice, or is longer than [`Settings::max_credentials_len`], refuses the request.
//! 3. The [`Scheme`] reads its credentials. What is not well formed never reaches a verifier.
//! 4. The [`Verifier`] that the state [`Provides`] for the scheme yields an identity and its [`Grants`], or a
//!    [`Cause`].
//! 5. The scopes that the policy demands are compared with the grants.
//! 6. The other extractors run, then the handler; or the [`Refusal`] becomes the answer, by
//!    [one table](refusal). Its [`Cause`] rides in the extensions of the response, for layers of yours.
//!
//! # Security notes
//!
//! - Credentials need TLS, which is the server's business.
//! - Under `axum::routing` a handler without any of these attributes is open. Under [`http::Guarded`] it does not
//!   compile.
//! - Neither answers nor log events repeat anything that the client sent, but for the `exp` of a JWT whose
//!   signature held. Types that hold credentials print `[redacted]`.
//! - A verifier that cannot answer refuses ([`Cause::Unavailable`], 503); a missing set-up refuses
//!   ([`Cause::NotConfigured`], 500). Neither is a pass.
//! - In a verifier of your own compare secrets in constant time, and give every unknown user the same work as a known
//!   one.
//! - Browsers attach Basic credentials to requests from other sites by themselves: guard state-changing handlers
//!   against forgery.
//!
//! # Sources
//!
//! RFC 9110 §11 (HTTP authentication), RFC 7617 (Basic), RFC 6750 (Bearer), RFC 7519, RFC 8725 and RFC 9068 (JSON
//! Web Tokens as access tokens), RFC 9457 (problem+json). API keys have no registered scheme.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod adapter;
mod authorization;
mod clock;
mod decide;
mod guard;
mod inline;
mod permit;
mod policy;
#[doc(hidden)]
pub mod private;
pub mod refusal;
mod request;
pub mod scheme;
mod secret;
mod state;
#[cfg(feature = "testing")]
pub mod testing;
mod verify;

/// The examples of the README compile.
#[cfg(all(
    doctest,
    feature = "api-keys",
    feature = "axum",
    feature = "jwt",
    feature = "passwords",
    feature = "testing"
))]
#[doc = include_str!("../../README.md")]
mod readme {}

pub use adapter::http;
#[cfg(feature = "tower")]
pub use adapter::tower;
pub use auth_macros::{AuthState, auth_policy, check, public, requires_auth};
pub use clock::{Clock, ClockHand};
pub use decide::Accepts;
pub use guard::{Authenticated, FromVerified, Unseen, Wanted};
pub use inline::{FromRefusal, ViewRequest};
pub use permit::Permitted;
pub use policy::{Any, Carrier, MAX_MEMBERS, Main, Member, One, Policy, Spec};
pub use refusal::{Body, BodyFormat, Cause, Detail, InvalidRequest, Refusal, Text};
pub use request::{Fields, RequestView};
pub use scheme::{ApiKey, ApiKeyCredentials, Basic, BasicCredentials, Bearer, BearerToken, Scheme};
pub use secret::Secret;
pub use state::{AuthState, Provides, Settings};
#[cfg(feature = "jwt")]
pub use verify::jwt::{self, JwtVerifier};
#[cfg(feature = "passwords")]
pub use verify::{
    Account, HashPasswordError, LimitExceeded, Passwords, PasswordsBuilder, PasswordsError,
    RefusedHash, hash_password,
};
pub use verify::{AnyVerifier, AsyncFnVerifier, FnVerifier, Grants, Verified, Verifier};
#[cfg(feature = "api-keys")]
pub use verify::{
    ApiKeyGenerator, ApiKeyHash, ApiKeys, InvalidPrefix, NoRandomness, NotAHash, UnusableKey,
};
