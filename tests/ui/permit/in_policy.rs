use auth_core::auth_policy;

#[auth_policy(scheme = "Bearer", realm = "API", permit = id == 7)]
pub struct Api;

fn main() {}
