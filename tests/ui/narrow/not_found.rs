use auth_core::requires_auth;

#[requires_auth(Missing, scope = "a")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
