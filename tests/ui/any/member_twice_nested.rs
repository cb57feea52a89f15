use auth_core::requires_auth;

#[requires_auth(realm = "API", any(all(Bearer, ApiKey(header = "X-Key")), Bearer))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
