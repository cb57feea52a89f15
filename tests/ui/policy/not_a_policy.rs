use auth_core::requires_auth;

pub struct Api;

#[requires_auth(Api)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
