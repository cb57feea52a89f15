use auth_core::auth_policy;

const ZONE: &str = "API\nX-Injected: 1";

#[auth_policy(scheme = "Basic", realm = ZONE)]
pub struct Api;

fn main() {}
