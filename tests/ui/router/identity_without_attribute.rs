use auth_core::axum::{GuardedRouter, get};
use auth_core::{AuthState, Authenticated, Bearer, FnVerifier};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

async fn orders(user: Authenticated<String>) -> String {
    user.clone().into_inner()
}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
