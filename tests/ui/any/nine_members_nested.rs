use auth_core::requires_auth;

#[requires_auth(realm = "API", any(all(Bearer, ApiKey(header = "X-1"), ApiKey(header = "X-2"), ApiKey(header = "X-3")), ApiKey(header = "X-4"), ApiKey(header = "X-5"), ApiKey(header = "X-6"), ApiKey(header = "X-7"), Basic))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
