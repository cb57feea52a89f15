use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", max_age = 300u64)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
