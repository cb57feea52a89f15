use auth_core::{Authenticated, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>, owner: Authenticated<u64>) -> bool {
    user.len() as u64 == *owner
}

fn main() {}
