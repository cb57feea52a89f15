use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", relam = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
