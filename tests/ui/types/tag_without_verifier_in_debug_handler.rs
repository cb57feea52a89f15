use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

pub enum Partner {}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Partner)]
#[axum::debug_handler(state = App)]
async fn orders(user: Authenticated<String>) -> String {
    user.clone().into_inner()
}

fn main() {}
