use auth_core::requires_auth;

#[requires_auth(schema = "Bearer", realm = "API\n", scope = 5)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
