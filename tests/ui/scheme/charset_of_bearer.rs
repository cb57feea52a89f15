use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", charset = "UTF-8")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
