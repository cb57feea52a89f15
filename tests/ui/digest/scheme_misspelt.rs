use auth_core::requires_auth;

#[requires_auth(scheme = "Digset", realm = "API")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
