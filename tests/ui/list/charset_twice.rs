use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", charset = none, charset = "UTF-8")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
