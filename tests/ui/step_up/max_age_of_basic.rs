use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", max_age = 300)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
