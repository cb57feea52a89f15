use auth_core::requires_auth;

#[requires_auth(scheme = "Digest", realm = "API", algorithm = "SHA-256, MD5, sha-256")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
