use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", crate = self::auth)]
mod handlers {
    async fn all() {}
}

fn main() {}
