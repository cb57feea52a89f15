use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    async fn all() {}

    mod nested {
        generate_handlers! { one two }
    }
}

fn main() {}
