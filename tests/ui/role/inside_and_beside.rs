use auth_core::requires_auth;

#[requires_auth(role = "admin", any(Bearer(realm = "API", role = "clerk"), Basic(realm = "API")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
