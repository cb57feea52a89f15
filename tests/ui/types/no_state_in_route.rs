use auth_core::{requires_auth};
use axum::{Router, routing::get};

#[derive(Clone)]
struct App;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() -> String {
    String::new()
}

fn routes() -> Router<App> {
    Router::new().route("/", get(orders))
}

fn main() {}
