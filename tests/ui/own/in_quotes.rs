use auth_core::requires_auth;

#[requires_auth(scheme = "Signed", realm = "API", window = 300)]
async fn orders() {}

fn main() {}
