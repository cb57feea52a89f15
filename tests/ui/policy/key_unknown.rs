use auth_core::auth_policy;

#[auth_policy(scheme = "Bearer", realm = "API", audience = "shop")]
pub struct Api;

fn main() {}
