use auth_core::{AuthState, Bearer, FnVerifier};

#[derive(AuthState)]
#[auth(crate = "auth_core")]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

fn main() {}
