use auth_core::requires_auth;

#[requires_auth(
    any(
        Bearer, Basic, ApiKey(header = "X-1"), ApiKey(header = "X-2"), ApiKey(header = "X-3"),
        ApiKey(header = "X-4"), ApiKey(header = "X-5"), ApiKey(header = "X-6"), ApiKey(header = "X-7"),
    ),
    realm = "API",
)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
