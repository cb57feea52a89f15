use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};
use axum::{Router, routing::get};

#[derive(Clone)]
struct User {
    name: String,
}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<User>) -> String {
    user.name.clone()
}

fn routes() -> Router<App> {
    Router::new().route("/", get(orders))
}

fn main() {}
