use auth_core::requires_auth;

#[requires_auth(all())]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
