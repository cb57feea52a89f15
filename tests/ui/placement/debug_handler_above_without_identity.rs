use auth_core::requires_auth;

#[axum::debug_handler]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
