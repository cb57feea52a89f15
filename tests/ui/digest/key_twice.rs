use auth_core::requires_auth;

#[requires_auth(scheme = "Digest", realm = "API", qop = "auth", qop = "auth, auth-int")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
