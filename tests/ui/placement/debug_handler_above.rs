use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[axum::debug_handler(state = App)]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>) -> String {
    user.to_string()
}

fn main() {}
