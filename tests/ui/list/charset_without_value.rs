use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", charset =)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
