use auth_core::{Authenticated, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>) -> usize {
    user.
}

fn main() {}
