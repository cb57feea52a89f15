use auth_core::AuthState;

#[derive(AuthState)]
pub enum App {
    Test,
    Production,
}

fn main() {}
