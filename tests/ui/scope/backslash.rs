use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders\\read")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
