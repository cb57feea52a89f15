use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", error_if_missing = "missing_token")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
