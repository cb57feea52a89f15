use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    mod orders;

    async fn all() {}
}

fn main() {}
