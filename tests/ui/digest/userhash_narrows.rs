use auth_core::requires_auth;

#[auth_core::auth_policy(scheme = "Digest", realm = "API")]
pub struct Users;

#[requires_auth(Users, userhash)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
