use auth_core::requires_auth;

#[requires_auth(any(realm = "API", Bearer, Basic))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
