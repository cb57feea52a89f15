use auth_core::requires_auth;

struct Orders;

impl Orders {
    #[requires_auth(scheme = "Bearer", realm = "API")]
    async fn all() -> Option<Self> {
        None
    }
}

fn main() {}
