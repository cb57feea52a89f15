use auth_core::{AuthState, Bearer, FnVerifier};

#[derive(AuthState)]
#[auth(Bearer)]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

fn main() {}
