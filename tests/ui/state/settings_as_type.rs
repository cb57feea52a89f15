use auth_core::{AuthState, Bearer, FnVerifier, Settings};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(Settings)]
    settings: Settings,
}

fn main() {}
