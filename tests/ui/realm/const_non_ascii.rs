use auth_core::requires_auth;

const ZONE: &str = "Büro";

#[requires_auth(any(Bearer(realm = "API"), Basic(realm = ZONE)))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
