use auth_core::requires_auth;

#[requires_auth(all(Bearer(realm = "API"), ApiKey(realm = "API", header = "X-API-Key")))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
