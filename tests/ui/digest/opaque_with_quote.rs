use auth_core::requires_auth;

#[requires_auth(scheme = "Digest", realm = "API", opaque = "a\"b")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
