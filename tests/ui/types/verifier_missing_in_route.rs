use auth_core::{AuthState, Authenticated, Basic, FnVerifier, requires_auth};
use axum::{Router, routing::get};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>) -> String {
    user.clone().into_inner()
}

fn routes() -> Router<App> {
    Router::new().route("/", get(orders))
}

fn main() {}
