use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
pub struct Api;

fn main() {}
