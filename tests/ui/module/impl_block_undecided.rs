use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    pub struct Orders;

    impl Orders {
        pub async fn all(&self) {}
    }

    async fn all() {}
}

fn main() {}
