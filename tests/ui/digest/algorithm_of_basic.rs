use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", algorithm = "SHA-256")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
