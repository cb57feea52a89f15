use auth_core::axum::{GuardedRouter, post};
use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};

pub enum Partner {}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Partner)]
async fn order() {}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new().route("/orders", post(order))
}

fn main() {}
