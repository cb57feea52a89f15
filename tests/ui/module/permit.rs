use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API", permit = user.name == name)]
mod handlers {
    async fn all() {}
}

fn main() {}
