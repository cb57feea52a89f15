use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[requires_auth(scheme = "Basic", realm = "Dev zone")]
mod handlers {
    async fn all() {}
}

fn main() {}
