use auth_core::requires_auth;

const ZONE: &str = "";

#[requires_auth(scheme = "Basic", realm = ZONE)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
