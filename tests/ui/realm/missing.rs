use auth_core::requires_auth;

#[requires_auth(scheme = "Basic")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
