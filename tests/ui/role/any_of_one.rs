use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", role = any("admin"))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
