use auth_core::requires_auth;

struct Orders;

#[requires_auth(scheme = "Bearer", realm = "API")]
impl Orders {
    async fn all(&self) {}
}

fn main() {}
