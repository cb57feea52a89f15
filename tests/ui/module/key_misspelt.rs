use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", relam = "API")]
mod handlers {
    async fn all() {}

    async fn one() {}
}

fn main() {}
