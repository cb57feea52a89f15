use auth_core::axum::{GuardedRouter, get};
use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() {}

fn routes() -> axum::Router {
    GuardedRouter::new().route("/orders", get(orders)).into_router()
}

fn main() {}
