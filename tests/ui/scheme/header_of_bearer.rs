use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", header = "X-API-Key")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
