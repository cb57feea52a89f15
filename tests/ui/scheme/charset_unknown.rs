use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", charset = "ISO-8859-1")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
