use auth_core::requires_auth;

pub struct Api;

#[requires_auth(Api, scope = "a")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
