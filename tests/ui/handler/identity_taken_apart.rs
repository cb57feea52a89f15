use auth_core::{Authenticated, requires_auth};

struct Claims {
    name: String,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(Authenticated(user): Authenticated<Claims>) -> String {
    user.name.clone()
}

fn main() {}
