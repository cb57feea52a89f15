use auth_core::requires_auth;

#[requires_auth(
    realm = "API",
    scope = "admin",
    any(Bearer(scope = "orders:read"), Basic)
)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
