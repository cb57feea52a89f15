use auth_core::requires_auth;

#[requires_auth(any())]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
