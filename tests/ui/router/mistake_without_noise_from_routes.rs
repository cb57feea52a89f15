use auth_core::axum::{GuardedRouter, get};
use auth_core::{AuthState, Authenticated, Basic, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, u32>,
}

#[requires_auth(scheme = "Bearer", relm = "API")]
async fn orders(user: Authenticated<String>) -> String {
    user.clone().into_inner()
}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
