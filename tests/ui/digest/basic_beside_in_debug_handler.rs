#![deny(deprecated)]
use auth_core::{AuthState, Authenticated, Basic, Digest, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Digest)]
    users: FnVerifier<Digest, String>,
    #[auth(Basic)]
    old: FnVerifier<Basic, String>,
}

#[requires_auth(realm = "API", any(Digest, Basic))]
#[axum::debug_handler(state = App)]
async fn warned(user: Authenticated<String>) {
    drop(user);
}

#[requires_auth(realm = "API", any(Digest, Basic))]
#[axum::debug_handler(state = App)]
#[allow(deprecated)]
async fn allowed(user: Authenticated<String>) {
    drop(user);
}

fn main() {}
