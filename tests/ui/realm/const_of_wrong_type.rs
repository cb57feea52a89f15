use auth_core::requires_auth;

const ZONE: u8 = 5;

#[requires_auth(scheme = "Basic", realm = ZONE)]
async fn orders() -> &'static str {
    "all"
}

fn main() {}
