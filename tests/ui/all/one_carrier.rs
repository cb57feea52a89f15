use auth_core::requires_auth;

#[requires_auth(realm = "API", all(Bearer, Basic))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
