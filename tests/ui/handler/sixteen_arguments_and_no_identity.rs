use auth_core::{AuthState, Bearer, FnVerifier, requires_auth};
use axum::http::Method;

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn orders(
    _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method,
    _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method,
) {
}

fn main() {}
