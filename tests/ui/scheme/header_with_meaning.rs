use auth_core::requires_auth;

#[requires_auth(any(
    Bearer(realm = "API"),
    ApiKey(realm = "API", header = "Set-Cookie"),
    ApiKey(realm = "API", header = "connection"),
    ApiKey(realm = "API", header = "Sec-Fetch-Site"),
))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
