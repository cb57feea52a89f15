use auth_core::{AuthState, Bearer, FnVerifier, auth_policy, requires_auth};
use axum::{Router, routing::get};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[auth_policy(scheme = "Baerer", realm = "API")]
pub struct Api;

#[requires_auth(Api)]
async fn orders() {}

pub fn routes(app: App) -> Router {
    Router::new().route("/", get(orders)).with_state(app)
}

fn main() {}
