use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", role = "admin,clerk")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
