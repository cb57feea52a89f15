use auth_core::requires_auth;

#[auth_core::auth_policy(scheme = "Digest", realm = "API")]
pub struct Users;

#[requires_auth(Users, max_age = 60)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
