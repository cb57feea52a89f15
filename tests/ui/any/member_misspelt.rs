use auth_core::requires_auth;

#[requires_auth(any(Baerer(realm = "API"), Basic(realm = "API")))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
