use auth_core::requires_auth;

#[requires_auth(any[Bearer(realm = "API"), Basic(realm = "Dev zone")])]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
