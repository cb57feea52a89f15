use auth_core::requires_auth;

#[requires_auth(all(Bearer(realm = "API")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
