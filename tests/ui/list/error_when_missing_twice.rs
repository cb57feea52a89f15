use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", error_when_missing = "missing_token", error_when_missing = "no_token")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
