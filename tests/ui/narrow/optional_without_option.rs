use auth_core::{Authenticated, auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
pub struct Maybe;

#[requires_auth(Maybe, scope = "a")]
async fn orders(_user: Authenticated<String>) -> &'static str {
    "orders"
}

fn main() {}
