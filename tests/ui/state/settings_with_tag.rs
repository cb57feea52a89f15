use auth_core::{AuthState, Settings};

#[derive(AuthState)]
pub struct App {
    #[auth(settings, tag = Partner)]
    settings: Settings,
}

fn main() {}
