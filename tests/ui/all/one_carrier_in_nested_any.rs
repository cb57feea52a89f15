use auth_core::requires_auth;

#[requires_auth(realm = "API", all(Bearer, any(Basic, ApiKey(header = "X-Key"))))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
