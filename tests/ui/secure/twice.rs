use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", secure, secure)]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
