//! What is guarded, and how.

use auth_core::{Authenticated, auth_policy, public, requires_auth};
use axum::body::Bytes;
use axum::extract::RawQuery;
use axum::http::header::CONTENT_TYPE;
use axum::response::IntoResponse;

/// The realm that the hashes of the file were made for. A browser shows it.
const REALM: &str = "http-auth@example.org";

#[auth_policy(scheme = "Digest", realm = REALM)]
pub(crate) struct Users;

#[requires_auth(Users)]
pub(crate) async fn home(user: Authenticated<String>) -> String {
    format!("hello {}\n", *user)
}

// The digest covers the query: what is asked for cannot be changed on the way.
#[requires_auth(Users)]
pub(crate) async fn search(user: Authenticated<String>, RawQuery(query): RawQuery) -> String {
    format!("{} looks for {}\n", *user, query.unwrap_or_default())
}

// With `auth-int` it covers the content as well, for clients that can. Content is read only if the request asks for it.
#[requires_auth(scheme = "Digest", realm = REALM, qop = "auth, auth-int")]
pub(crate) async fn notes(_user: Authenticated<String>, note: Bytes) -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], note)
}

// MD5 for those who know nothing else: on a route of its own, since whoever offers it to some offers it to all.
#[requires_auth(scheme = "Digest", realm = REALM, algorithm = "SHA-256, MD5")]
pub(crate) async fn legacy(user: Authenticated<String>) -> String {
    format!("hello {}, be careful\n", *user)
}

#[public(reason = "load balancer probe")]
pub(crate) async fn health() -> &'static str {
    "ok\n"
}

// Basic beside it makes all of it as weak as Basic (RFC 7616 §5.6): the compiler says so, unless it is told that this is
// meant.
#[allow(deprecated)]
#[requires_auth(any(Digest, Basic), realm = REALM)]
pub(crate) async fn either(user: Authenticated<String>) -> String {
    format!("hello {}\n", *user)
}

// Another realm: no user of the file is in it, and no nonce of the other realm holds here.
#[requires_auth(scheme = "Digest", realm = "other@example.org")]
pub(crate) async fn other(user: Authenticated<String>) -> String {
    format!("hello {}\n", *user)
}
