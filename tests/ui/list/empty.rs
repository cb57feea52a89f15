use auth_core::requires_auth;

#[requires_auth()]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
