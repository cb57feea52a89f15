use auth_core::requires_auth;

const SCOPE: &str = "orders:read";

#[requires_auth(scheme = "Bearer", realm = "API", scope = SCOPE)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
