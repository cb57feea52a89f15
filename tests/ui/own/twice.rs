use auth_core::requires_auth;

include!("../own_scheme.in");

#[requires_auth(realm = "API", any(self::Signed(hash = "sha-256"), self::Signed(hash = "sha-512")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
