use auth_core::requires_auth;

#[requires_auth(scheme = any("Bearer", "Basic"), realm = "API")]
async fn orders() {}

fn main() {}
