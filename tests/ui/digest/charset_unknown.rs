use auth_core::requires_auth;

#[requires_auth(scheme = "Digest", realm = "API", charset = "latin1")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
