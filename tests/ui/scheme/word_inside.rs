use auth_core::requires_auth;

#[requires_auth(Bearer(realm = "API", sealed))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
