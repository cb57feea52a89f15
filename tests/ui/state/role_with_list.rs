use auth_core::{AuthState, Bearer, FnVerifier};

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer(tag = Partner))]
    tokens: FnVerifier<Bearer, String>,
}

fn main() {}
