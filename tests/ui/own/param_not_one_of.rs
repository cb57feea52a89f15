use auth_core::requires_auth;

include!("../own_scheme.in");

#[requires_auth(self::Signed(realm = "API", hash = "md5"))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
