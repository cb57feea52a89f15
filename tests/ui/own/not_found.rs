use auth_core::requires_auth;

#[requires_auth(scheme = schemes::Signed, realm = "API")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
