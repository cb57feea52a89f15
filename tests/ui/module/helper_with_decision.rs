use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    async fn all() {}

    #[helper]
    #[super::requires_auth(scheme = "Basic", realm = "Dev zone")]
    async fn one() {}
}

fn main() {}
