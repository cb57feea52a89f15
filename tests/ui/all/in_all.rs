use auth_core::requires_auth;

#[requires_auth(realm = "API", all(Bearer, all(ApiKey(header = "X-Key"), ApiKey(header = "X-Other"))))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
