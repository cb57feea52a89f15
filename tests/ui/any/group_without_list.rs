use auth_core::requires_auth;

#[requires_auth(realm = "API", any(Bearer, all))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
