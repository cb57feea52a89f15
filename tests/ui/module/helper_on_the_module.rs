use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[helper]
mod handlers {
    async fn all() {}
}

fn main() {}
