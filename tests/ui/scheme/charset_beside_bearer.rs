use auth_core::requires_auth;

#[requires_auth(Bearer(realm = "API"), charset = none)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
