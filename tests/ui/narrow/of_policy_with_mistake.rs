use auth_core::{auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer")]
pub struct Api;

#[requires_auth(Api, scope = "a", acr = "b")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
