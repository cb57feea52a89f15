use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() -> &'static str {
    "all"
}

async fn shortcut() -> &'static str {
    orders().await
}

fn main() {}
