use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    #[cfg_attr(debug_assertions, auth_core::public)]
    async fn all() {}
}

fn main() {}
