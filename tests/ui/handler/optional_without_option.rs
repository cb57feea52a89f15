use auth_core::{Authenticated, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
async fn orders(user: Authenticated<String>) -> String {
    user.to_string()
}

fn main() {}
