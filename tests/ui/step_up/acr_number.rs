use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", acr = 2)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
