use auth_core::{AuthState, Authenticated, Basic, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn orders(user: Authenticated<String>) -> String {
    user.clone().into_inner()
}

fn main() {}
