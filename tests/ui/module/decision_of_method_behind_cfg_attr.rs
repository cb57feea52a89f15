use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    struct Orders;

    impl Orders {
        #[cfg_attr(debug_assertions, helper)]
        fn sum(&self) {}
    }

    async fn all() {}
}

fn main() {}
