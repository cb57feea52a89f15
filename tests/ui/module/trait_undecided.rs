use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    pub trait Orders {
        async fn all(&self) {}
    }

    async fn all() {}
}

fn main() {}
