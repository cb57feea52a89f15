use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[instrumented]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
