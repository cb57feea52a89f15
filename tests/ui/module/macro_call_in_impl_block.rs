use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    pub struct Orders;

    impl Orders {
        generate_methods!();
    }

    async fn all() {}
}

fn main() {}
