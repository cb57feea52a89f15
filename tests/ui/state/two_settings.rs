use auth_core::{AuthState, Settings};

#[derive(AuthState)]
pub struct App {
    #[auth(settings)]
    settings: Settings,
    #[auth(settings)]
    others: Settings,
}

fn main() {}
