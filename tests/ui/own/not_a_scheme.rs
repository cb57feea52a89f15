use auth_core::requires_auth;

pub struct Api;

#[requires_auth(scheme = Api, realm = "API")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
