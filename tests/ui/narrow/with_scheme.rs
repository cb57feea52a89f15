use auth_core::{auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", realm = "API", acr = "urn:mfa")]
pub struct Api;

#[requires_auth(Api, scheme = "Bearer")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
