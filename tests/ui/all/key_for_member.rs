use auth_core::requires_auth;

#[requires_auth(all(Bearer, ApiKey(header = "X-Key"), realm = "API"))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
