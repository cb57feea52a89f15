use auth_core::{AuthState, Bearer, FnVerifier};

#[derive(AuthState)]
pub struct App {
    #[auth]
    tokens: FnVerifier<Bearer, String>,
}

fn main() {}
