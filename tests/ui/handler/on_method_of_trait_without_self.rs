use auth_core::requires_auth;

trait Orders {
    #[requires_auth(scheme = "Bearer", realm = "API")]
    async fn all() -> u8;
}

fn main() {}
