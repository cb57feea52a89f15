use auth_core::auth_policy;

#[auth_policy(scheme = "Bearer", realm = "API", request = request, state = app, identity = user: String)]
pub struct Api;

fn main() {}
