use auth_core::requires_auth;

include!("../own_scheme.in");

#[requires_auth(any(self::Signed, Basic(realm = "API")))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
