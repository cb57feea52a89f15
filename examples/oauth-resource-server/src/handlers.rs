//! What the service does, and for whom: what each handler demands stands above it.

use std::sync::Arc;

use auth_core::{Authenticated, auth_policy, public, requires_auth};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use serde::Deserialize;

use crate::app::{App, Opaque};

/// What this service reads from a JWT, or from what its issuer says about an opaque token. Issuer, audience and times
/// are checked by then.
#[derive(Clone, Debug, Deserialize)]
pub struct Claims {
    /// About whom it is.
    pub sub: String,
}

/// A good token of the provider: a JWT, or an opaque one.
#[auth_policy(realm = "Orders", any(Bearer, Bearer(verifier = Opaque)))]
#[derive(Debug)]
pub struct Api;

/// Reading takes a scope.
#[requires_auth(Api, scope = "orders:read")]
pub async fn list(user: Authenticated<Claims>) -> String {
    format!("the orders of {}\n", user.sub)
}

/// Writing takes another.
#[requires_auth(Api, scope = "orders:write")]
pub async fn place(user: Authenticated<Claims>) -> (StatusCode, String) {
    (StatusCode::CREATED, format!("ordered for {}\n", user.sub))
}

/// Money takes a user who logged in with two factors, within the last five minutes (RFC 9470).
#[requires_auth(Api, scope = "orders:write", acr = "urn:example:mfa", max_age = 300)]
pub async fn refund(user: Authenticated<Claims>, Path(id): Path<u64>) -> String {
    format!("order {id}: refunded to {}\n", user.sub)
}

/// Whether tokens can be judged. Not a reason to restart: it would not bring the identity provider back.
#[public(reason = "load balancer probe")]
pub async fn health(State(app): State<Arc<App>>) -> String {
    let (keys, opaque) = (app.keys.health(), app.opaque.health());
    format!("keys: {keys}\n{opaque}\n")
}
