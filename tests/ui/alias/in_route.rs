use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};
use axum::{Router, routing::get};

type Me = Authenticated<String>;

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(me: Me) -> String {
    me.to_string()
}

fn routes() -> Router<App> {
    Router::new().route("/", get(orders))
}

fn main() {}
