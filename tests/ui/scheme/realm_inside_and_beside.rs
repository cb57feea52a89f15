use auth_core::requires_auth;

#[requires_auth(Bearer(realm = "API"), realm = "Other")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
