use auth_core::requires_auth;

#[requires_auth(any(Bearer, Basic), any(Bearer, ApiKey(header = "X-API-Key")), realm = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
