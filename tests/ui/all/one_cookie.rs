use auth_core::requires_auth;

#[requires_auth(realm = "API", all(Bearer(cookie = "id"), ApiKey(cookie = "id")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
