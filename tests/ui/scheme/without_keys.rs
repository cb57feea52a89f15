use auth_core::requires_auth;

#[requires_auth(Bearer)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
