use auth_core::requires_auth;

pub enum Partner {}

#[requires_auth(realm = "API", any(Bearer(verifier = Partner), Bearer(verifier = Partner)))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
