use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", error_when_missing = "missing_token")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
