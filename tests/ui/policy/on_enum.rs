use auth_core::auth_policy;

#[auth_policy(scheme = "Bearer", realm = "API")]
pub enum Api {}

fn main() {}
