use auth_core::auth_policy;

#[auth_policy]
pub struct Api;

fn main() {}
