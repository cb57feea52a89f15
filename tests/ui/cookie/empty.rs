use auth_core::requires_auth;

#[requires_auth(scheme = "ApiKey", realm = "API", cookie = "")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
