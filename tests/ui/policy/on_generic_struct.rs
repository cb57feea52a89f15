use auth_core::auth_policy;

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api<T>(T);

fn main() {}
