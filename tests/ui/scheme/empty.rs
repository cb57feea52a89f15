use auth_core::requires_auth;

#[requires_auth(scheme = "", realm = "API")]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
