use auth_core::requires_auth;

include!("../own_scheme.in");

#[requires_auth(scheme = Signed, realm = "API", window = 30)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
