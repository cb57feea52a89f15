use auth_core::requires_auth;

const ZONE: &str = "API\nX-Injected: 1";

#[requires_auth(scheme = "Basic", realm = ZONE)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
