use auth_core::requires_auth;

#[requires_auth(any(Bearer(realm = "API"), Bearer(realm = "Shop")))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
