use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[cfg_attr(debug_assertions, requires_auth(scheme = "Basic", realm = "Dev zone"))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
