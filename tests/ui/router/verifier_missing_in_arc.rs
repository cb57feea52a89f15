use auth_core::axum::{GuardedRouter, any};
use auth_core::{AuthState, Basic, FnVerifier, requires_auth};
use std::sync::Arc;

#[derive(AuthState)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(body: String) -> String {
    body
}

fn routes(app: App) -> axum::Router {
    let router = GuardedRouter::new().route("/orders", any(orders));
    router.with_state(Arc::new(app)).into()
}

fn main() {}
