use auth_core::requires_auth;

include!("../own_scheme.in");

#[requires_auth(self::Signed(realm = "A\nB", hash = "sha-256"))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
