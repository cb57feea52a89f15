use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};
use axum::{Router, routing::get};

pub enum Partner {}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Partner)]
async fn orders(user: Authenticated<String>) -> String {
    user.clone().into_inner()
}

fn routes() -> Router<App> {
    Router::new().route("/", get(orders))
}

fn main() {}
