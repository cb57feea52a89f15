use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", request = req, state = app)]
mod handlers {
    async fn all() {}
}

fn main() {}
