use auth_core::requires_auth;

#[requires_auth(scheme = "Digest", realm = "API", error_when_missing = "missing")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
