use auth_core::{AuthState};

#[derive(AuthState)]
pub struct App {
    #[auth(settings)]
    settings: String,
}

fn main() {}
