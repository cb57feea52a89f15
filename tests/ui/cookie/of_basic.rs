use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", cookie = "session")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
