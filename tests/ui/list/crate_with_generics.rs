use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", crate = auth_core::<u8>)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
