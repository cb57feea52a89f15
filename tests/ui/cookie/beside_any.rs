use auth_core::requires_auth;

#[requires_auth(realm = "API", cookie = "session", any(Bearer, Basic))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
