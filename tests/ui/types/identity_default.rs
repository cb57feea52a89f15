use auth_core::Authenticated;

#[derive(Default)]
struct Session {
    user: Authenticated<String>,
}

fn main() {}
