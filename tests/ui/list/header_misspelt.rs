use auth_core::requires_auth;

#[requires_auth(scheme = "ApiKey", realm = "API", heder = "X-API-Key")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
