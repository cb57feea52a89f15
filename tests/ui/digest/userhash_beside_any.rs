use auth_core::requires_auth;

#[requires_auth(realm = "API", userhash, any(Digest, Bearer))]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
