use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", max_age = 60 * 5)]
async fn orders() {}

fn main() {}
