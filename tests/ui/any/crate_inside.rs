use auth_core::requires_auth;

#[requires_auth(any(Bearer(realm = "API", crate = ::auth_core), Basic(realm = "API")))]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
