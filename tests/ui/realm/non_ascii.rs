use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "Büro")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
