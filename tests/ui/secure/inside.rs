use auth_core::requires_auth;

#[requires_auth(any(Bearer(realm = "API", secure), Basic(realm = "API")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
