use auth_core::auth_policy;

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

#[auth_policy(Api, permit = id == 7)]
pub struct Orders;

fn main() {}
