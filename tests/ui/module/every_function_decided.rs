use auth_core::{public, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    #[super::public]
    async fn all() {}

    #[helper]
    fn sum() {}
}

fn main() {}
