use auth_core::{AuthState, Bearer, FnVerifier};

pub enum Partner {}

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer, tag = Partner, tag = auth_core::Main)]
    tokens: FnVerifier<Bearer, String>,
}

fn main() {}
