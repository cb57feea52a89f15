use auth_core::requires_auth;

include!("../own_scheme.in");

#[requires_auth(self::Signed(realm = "API", hash = "sha-256", scheme = "Bearer"))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
