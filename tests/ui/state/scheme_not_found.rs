use auth_core::{AuthState, Bearer, FnVerifier};

#[derive(AuthState)]
pub struct App {
    #[auth(Digest)]
    tokens: FnVerifier<Bearer, String>,
}

fn main() {}
