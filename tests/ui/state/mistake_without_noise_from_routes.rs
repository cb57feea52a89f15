use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};
use axum::{Router, routing::get};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    #[auth(settings)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>) -> String {
    user.to_string()
}

pub fn routes(app: App) -> Router {
    Router::new().route("/", get(orders)).with_state(app)
}

fn main() {}
