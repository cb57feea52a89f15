use auth_core::requires_auth;

#[requires_auth(realm = "API", acr = "urn:example:mfa", any(Bearer, Basic))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
