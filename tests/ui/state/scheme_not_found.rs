use auth_core::{AuthState, Bearer, FnVerifier};

#[derive(AuthState)]
pub struct App {
    #[auth(Negotiate)]
    tokens: FnVerifier<Bearer, String>,
}

fn main() {}
