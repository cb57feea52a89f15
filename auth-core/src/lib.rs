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
//! use auth_core::axum::{GuardedRouter, get};
//! use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, Key};
//! use auth_core::{AuthState, Authenticated, Revocation, public, requires_auth};
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
//!             Revocation::None, // tokens are good until they expire
//!         )?,
//!     };
//!     // Takes only handlers with one of these attributes.
//!     let router = GuardedRouter::new()
//!         .route("/orders", get(orders))
//!         .route("/health", get(health))
//!         .with_state(Arc::new(app));
//!     let listener = tokio::net::TcpListener::bind("127.0.0.1:8080").await?;
//!     Ok(axum::serve(listener, router.into_router()).await?)
//! }
//! ```
//!
//! Called without a token, `/orders` answers 401 with
//! `WWW-Authenticate: Bearer realm="API", scope="orders:read"`.
//!
//! On actix-web, poem and salvo, see the modules `actix`, `poem` and `salvo` (features of these names). Without a framework,
//! see [`http`]; for a whole tower service, the layer in `tower` (feature `tower`); for gRPC, the module `tonic` (feature
//! `tonic`), which tells what differs there; for servers of the Model Context Protocol, the module `mcp` (feature `mcp`).
//! Rocket has no adapter: [`frameworks::rocket`] tells why, and what is left. The page [`frameworks`] tells what holds where.
//!
//! # The language of the attribute
//!
//! The page [`language`] teaches it, and has a table of every key:
//!
//! ```
//! # use auth_core::{Authenticated, auth_policy, public, requires_auth};
//! # #[derive(Clone)] struct Claims { tenant: u64 }
//! #[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
//! async fn one_scheme() {}
//!
//! #[requires_auth(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
//! async fn one_of_several() {}
//!
//! #[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-Partner-Key")))]
//! async fn several_at_once() {}
//!
//! #[auth_policy(scheme = "Bearer", realm = "API")]
//! pub struct Api;
//!
//! #[requires_auth(Api, role = "admin", acr = "urn:example:mfa", max_age = 300)]
//! async fn a_policy_with_a_name_and_more_demands() {}
//!
//! #[requires_auth(Api, permit = user.tenant == tenant)]
//! async fn a_condition(user: Authenticated<Claims>, tenant: u64) {}
//!
//! #[public(reason = "load balancer probe")]
//! async fn open() {}
//! ```
//!
//! # Features
//!
//! None is on by default, and they only add. Without any there are the attributes, Basic, Digest, Bearer and API keys
//! with verifiers of your own, and plain [`http`].
//!
//! | feature | adds |
//! | --- | --- |
//! | `axum` | handlers of axum 0.8, and `axum::GuardedRouter`, which takes only handlers with a decision |
//! | `actix` | handlers of actix-web 4, and `actix::GuardedScope`, which takes only handlers with a decision; brings `registry` |
//! | `poem` | handlers of poem 3, and `poem::GuardedRoute`, which takes only functions with a decision; brings `registry` |
//! | `salvo` | handlers of salvo 1.1; brings `registry` |
//! | `salvo-oapi` | its endpoints, which stand in an `OpenAPI` document; brings `salvo` |
//! | `tower` | a layer that guards a service, and guarded handlers as services |
//! | `tonic` | services and methods of tonic 0.14, which tell refusals as gRPC statuses |
//! | `mcp` | servers of the Model Context Protocol (rmcp): a layer with a policy for each tool |
//! | `jwt` | `JwtVerifier`: JSON Web Tokens with keys that are given at the start |
//! | `jwks` | `JwtVerifier::discover`: keys that the issuer publishes, found by one URL and followed when they change |
//! | `introspection` | `Introspection`: bearer tokens that are asked about at their issuer (RFC 7662) |
//! | `passwords` | `Passwords`: users with Argon2, scrypt or bcrypt hashes; htpasswd files |
//! | `digest` | `digest::DigestVerifier`: RFC 7616 with nonces, counts and users in htdigest files; `auth-int`, `Authentication-Info` |
//! | `api-keys` | `ApiKeys`, and a generator for new ones |
//! | `tracing` | [events](observability#events) and a span, for logs |
//! | `metrics` | [counters and durations](observability#metrics), for whatever recorder the application installs |
//! | `revocation-store` | `store::Revocations`: which tokens were taken back, on the disk |
//! | `registry` | `Registry`: verifiers that are found while the program runs, for frameworks that know no state by its type |
//! | `testing` | tokens and verifiers for the tests of applications |
//!
//! Import by name. `use auth_core::*` brings the modules `actix`, `axum`, `http`, `mcp`, `poem`, `salvo`, `tonic` and `tower` as
//! well: then the compiler
//! calls `use axum::Router` ambiguous (E0659), or looks for `Router` in the module.
//!
//! # How a request travels
//!
//! 1. The framework asks for the first argument of the handler, a guard that the attribute put there. The adapter
//!    collects the header fields and the state; the body is left alone, but for `auth-int` of Digest.
//! 2. Every carrier that the policy names is read once: `Authorization`, fields of API keys, cookies. A carrier that
//!    occurs twice, or is longer than [`Settings::max_credentials_len`], refuses the request.
//! 3. The [`Scheme`] reads its credentials. What is not well formed never reaches a verifier.
//! 4. The [`Verifier`] that the state [`Provides`] for the scheme yields an identity and its [`Grants`], or a
//!    [`Cause`].
//! 5. What the policy demands of the grants is compared with them: how and when the user logged in, scopes, roles.
//! 6. What held has to meet the policy: all members of `all(..)`, one of `any(..)`.
//! 7. The other extractors run, then the handler; or the [`Refusal`] becomes the answer, by
//!    [one table](refusal). Its [`Cause`] rides in the extensions of the response, for layers of yours.
//!
//! # Where clients get their tokens
//!
//! [`Settings::with_protected_resource`] makes every challenge of Bearer say where the metadata of the service are, and
//! those name its authorization servers (RFC 9728): see [`ProtectedResource`].
//!
//! # Security notes
//!
//! - Credentials need TLS, which is the server's business. Digest hides the password, and no more.
//! - Under the routing functions of axum, actix-web, poem and salvo themselves a handler without any of these attributes is
//!   open, unless it takes an [`Authenticated`]: then it does not compile. On a `GuardedRouter`, in a `GuardedScope`, on a
//!   `GuardedRoute` and under [`http::Guarded`] none does.
//! - Neither answers nor events nor metrics repeat anything that the client sent, but for the `exp` of a JWT whose
//!   signature held, and `cnonce` and `nc` of admitted Digest credentials in `Authentication-Info`. Types that hold
//!   credentials print `[redacted]`.
//! - A verifier that cannot answer refuses ([`Cause::Unavailable`], 503); a missing set-up refuses
//!   ([`Cause::NotConfigured`], 500). Neither is a pass.
//! - In a verifier of your own compare secrets in constant time, and give every unknown user the same work as a known
//!   one.
//! - Browsers attach credentials of Basic and Digest, and cookies, to requests from other sites by themselves: guard
//!   state-changing handlers against forgery ([cookies](language#cookies)).
//!
//! # Sources
//!
//! RFC 9110 §11 (HTTP authentication), RFC 7617 (Basic), RFC 7616 with erratum 4897, RFC 7615 and RFC 8187 (Digest),
//! RFC 6750 (Bearer), RFC 9470 (step-up), RFC 9728 (protected resource metadata), RFC 7519, RFC 8725 and RFC 9068 (JSON
//! Web Tokens as access tokens), RFC 7517, RFC 8414 and `OpenID` Connect Discovery (keys of an issuer), RFC 7662
//! (introspection), RFC 9457 (problem+json). API keys have no registered scheme.
#![cfg_attr(docsrs, feature(doc_cfg))]

mod adapter;
mod authorization;
mod clock;
mod decide;
#[cfg(feature = "digest")]
mod exchange;
mod guard;
mod hex;
mod hierarchy;
mod inline;
mod json_string;
#[doc = include_str!("frameworks.md")]
pub mod frameworks {
    #[doc = include_str!("frameworks/rocket.md")]
    pub mod rocket {}
}
#[doc = include_str!("language.md")]
pub mod language {}
#[doc = include_str!("observability.md")]
pub mod observability {
    #[cfg(feature = "metrics")]
    pub use crate::observe::describe_metrics;
}
mod observe;
#[cfg(feature = "outbound")]
pub mod outbound;
mod permit;
mod policy;
#[doc(hidden)]
pub mod private;
mod readable;
pub mod refusal;
#[cfg(feature = "registry")]
pub mod registry;
mod request;
mod resource;
pub mod scheme;
mod secret;
mod state;
#[cfg(feature = "revocation-store")]
pub mod store;
#[cfg(feature = "testing")]
pub mod testing;
mod transport;
mod url;
mod verify;

/// The examples of the README compile.
#[cfg(all(
    doctest,
    feature = "api-keys",
    feature = "axum",
    feature = "digest",
    feature = "introspection",
    feature = "jwks",
    feature = "passwords",
    feature = "revocation-store",
    feature = "testing"
))]
#[doc = include_str!("../../README.md")]
mod readme {}

#[cfg(feature = "actix")]
pub use adapter::actix;
pub use adapter::http;
#[cfg(feature = "mcp")]
pub use adapter::mcp;
#[cfg(feature = "poem")]
pub use adapter::poem;
#[cfg(feature = "axum")]
pub use adapter::routing as axum;
#[cfg(feature = "salvo")]
pub use adapter::salvo;
#[cfg(feature = "tonic")]
pub use adapter::tonic;
#[cfg(feature = "tower")]
pub use adapter::tower;
pub use auth_macros::{AuthState, auth_policy, check, public, requires_auth};
pub use auth_syntax::{Declaration, DigestAlgorithm, DigestQop, DigestTerms, Param};
pub use clock::{Clock, ClockHand};
pub use decide::{Accepts, Checks};
pub use guard::{Authenticated, FromVerified, Unseen, Wanted};
pub use hierarchy::ScopeHierarchy;
pub use inline::{FromRefusal, ViewRequest};
pub use permit::Permitted;
pub use policy::{
    All, Any, Carrier, MAX_MEMBERS, Main, Member, Narrowed, Need, One, Policy, Rule, Shape, Spec,
};
pub use refusal::{
    Body, BodyFormat, Cause, Detail, DigestFault, InvalidRequest, OpenChallenge, Refusal,
    TargetDifference, Text,
};
#[cfg(feature = "registry")]
pub use registry::Registry;
pub use request::{Fields, RequestView};
pub use resource::{ProtectedResource, ProtectedResourceBuilder, ProtectedResourceError};
pub use scheme::{
    ApiKey, ApiKeyCredentials, Basic, BasicCredentials, Bearer, BearerToken, Digest,
    DigestCredentials, DigestUser, Scheme,
};
pub use secret::Secret;
pub use state::{AnyState, AuthState, Provides, Settings};
pub use transport::Transport;
pub use url::UrlProblem;
#[cfg(any(feature = "digest", feature = "passwords"))]
pub use verify::Account;
#[cfg(any(feature = "api-keys", feature = "digest"))]
pub use verify::NoRandomness;
#[cfg(any(feature = "digest", feature = "jwt"))]
pub use verify::StoreDown;
#[cfg(feature = "digest")]
pub use verify::digest;
#[cfg(feature = "introspection")]
pub use verify::introspection::{self, Introspection};
#[cfg(feature = "jwt")]
pub use verify::jwt::{self, JwtVerifier};
pub use verify::{AnyVerifier, AsyncFnVerifier, FnVerifier, Grants, Verified, Verifier};
#[cfg(feature = "api-keys")]
pub use verify::{ApiKeyGenerator, ApiKeyHash, ApiKeys, InvalidPrefix, NotAHash, UnusableKey};
#[cfg(feature = "jwt")]
pub use verify::{
    CacheLimits, CacheStats, Revocation, RevocationAnswer, RevocationCheck, TokenFacts,
};
#[cfg(feature = "passwords")]
pub use verify::{
    HashPasswordError, LimitExceeded, Passwords, PasswordsBuilder, PasswordsError, RefusedHash,
    hash_password,
};
