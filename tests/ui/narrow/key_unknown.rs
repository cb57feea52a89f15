use auth_core::{auth_policy, requires_auth};

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

#[requires_auth(Api, audience = "shop")]
async fn orders() {}

fn main() {}
