use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", scheme = "Basic", realm = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
