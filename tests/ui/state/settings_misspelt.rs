use auth_core::{AuthState, Settings};

#[derive(AuthState)]
pub struct App {
    #[auth(setings)]
    settings: Settings,
}

fn main() {}
