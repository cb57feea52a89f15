use auth_core::axum::{GuardedRouter, get};
use auth_core::{ApiKey, AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, u64>,
}

#[requires_auth(all(Bearer, ApiKey(header = "X-API-Key")), realm = "API")]
async fn orders(_user: Authenticated<String>) {}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
