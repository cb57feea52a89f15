use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
mod handlers {
    async fn all() {}
}

fn main() {}
