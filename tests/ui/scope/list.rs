use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", scope = ["orders:read", "orders:write"])]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
