use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = 5)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
