use auth_core::{auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
pub struct Api;

#[requires_auth(Api)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
