use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    async fn all() {}

    #[helper(inline)]
    fn sum() {}
}

fn main() {}
