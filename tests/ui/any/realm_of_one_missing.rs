use auth_core::requires_auth;

#[requires_auth(any(Bearer(realm = "API"), Basic))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
