use auth_core::requires_auth;

#[requires_auth(scheme = "ApiKey", realm = "API", header = "X-Key", cookie = "session")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
