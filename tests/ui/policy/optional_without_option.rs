use auth_core::{Authenticated, auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
pub struct Api;

#[requires_auth(Api)]
async fn orders(user: Authenticated<String>) -> String {
    user.to_string()
}

fn main() {}
