use auth_core::requires_auth;

#[auth_core::auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

#[requires_auth(realm = "API", all(Api, ApiKey(header = "X-Key")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
