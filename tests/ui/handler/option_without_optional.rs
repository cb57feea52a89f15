use auth_core::{Authenticated, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Option<Authenticated<String>>) -> bool {
    user.is_some()
}

fn main() {}
