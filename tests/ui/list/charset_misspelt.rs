use auth_core::requires_auth;

#[requires_auth(scheme = "Basic", realm = "API", charsets = none)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
