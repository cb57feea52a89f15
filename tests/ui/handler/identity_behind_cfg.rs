use auth_core::{Authenticated, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(#[cfg(debug_assertions)] user: Authenticated<String>) -> String {
    user.to_string()
}

fn main() {}
