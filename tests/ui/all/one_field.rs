use auth_core::requires_auth;

pub enum Partner {}

#[requires_auth(realm = "API", all(ApiKey(header = "X-Key"), ApiKey(header = "x-key", verifier = Partner)))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
