use auth_core::auth_policy;

#[auth_policy(scheme = "Bearer", realm = "API")]
async fn orders() {}

fn main() {}
