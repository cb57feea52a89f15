use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

#[derive(Clone)]
struct User {
    name: String,
}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
#[axum::debug_handler(state = App)]
async fn orders(user: Authenticated<User>) -> String {
    user.name.clone()
}

fn main() {}
