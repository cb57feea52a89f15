use auth_core::requires_auth;

#[requires_auth(realm = "API", any(Digest, Digest(algorithm = "MD5")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
