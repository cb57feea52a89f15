use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", scope = any("orders:read", "orders:write,orders:admin"))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
