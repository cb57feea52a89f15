use auth_core::requires_auth;

#[requires_auth(scheme = "Bearer", realm = "API")]
trait Orders {
    async fn all(&self);
}

fn main() {}
