use auth_core::requires_auth;

#[requires_auth(schemes::Digest(realm = "API"))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
