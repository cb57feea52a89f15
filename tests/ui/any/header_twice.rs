use auth_core::requires_auth;

#[requires_auth(any(ApiKey(realm = "API", header = "X-Key"), ApiKey(realm = "API", header = "x-key")))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
