use auth_core::requires_auth;

#[requires_auth(scheme = "ApiKey", header = "X-Key", realm = "API", acr = "urn:mfa")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
