use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", acr = "urn:mfa  urn:pwd")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
