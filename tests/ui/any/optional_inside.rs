use auth_core::requires_auth;

#[requires_auth(any(Bearer(realm = "API", optional), Basic(realm = "API")))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
