use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API\rX-Injected: 1")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
