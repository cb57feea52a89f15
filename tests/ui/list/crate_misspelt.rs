use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", krate = ::auth_core)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
