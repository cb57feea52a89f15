use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", error_when_missing = "missing \"token\"")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
