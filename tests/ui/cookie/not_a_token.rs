use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", cookie = "my session")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
