use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
const LIMIT: u8 = 5;

fn main() {}
