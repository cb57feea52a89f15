use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer token", realm = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
