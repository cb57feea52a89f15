use auth_core::requires_auth;

#[requires_auth(scheme = Bearer(realm = "API"))]
async fn orders() {}

fn main() {}
