use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};
use axum::{Router, routing::get};

type Me<T> = Authenticated<T>;

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders<T: ToString>(me: Me<T>) -> String {
    me.to_string()
}

fn routes() -> Router<App> {
    Router::new().route("/", get(orders::<String>))
}

fn main() {}
