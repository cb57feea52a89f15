use auth_core::axum::{GuardedRouter, get};
use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
async fn orders(_user: Option<Authenticated<u64>>) {}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
