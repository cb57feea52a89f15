use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", crate = ::auth_core, crate = auth_core)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
