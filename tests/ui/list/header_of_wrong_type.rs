use auth_core::requires_auth;

#[requires_auth(scheme = "ApiKey", realm = "API", header = X_API_KEY)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
