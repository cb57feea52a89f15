use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
