use auth_core::{AuthState};

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: String,
}

fn main() {}
