use auth_core::requires_auth;

#[requires_auth(Api)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
