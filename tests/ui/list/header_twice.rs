use auth_core::requires_auth;

#[requires_auth(scheme = "ApiKey", realm = "API", header = "X-Key", header = "X-API-Key")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
