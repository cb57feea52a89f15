use auth_core::{AuthState, Bearer, FnVerifier};

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(Bearer)]
    partners: FnVerifier<Bearer, String>,
}

fn main() {}
