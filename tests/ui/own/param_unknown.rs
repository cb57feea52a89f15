use auth_core::requires_auth;

include!("../own_scheme.in");

#[requires_auth(scheme = self::Signed, realm = "API", hash = "sha-256", algorithm = "x")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
