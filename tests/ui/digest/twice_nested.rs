use auth_core::requires_auth;

#[requires_auth(realm = "API", any(all(Digest, ApiKey(cookie = "id")), Digest(verifier = Partner)))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
