use auth_core::{Authenticated, requires_auth};

#[derive(Clone)]
struct Claims {
    name: String,
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = user.nmae == "ann")]
async fn order(user: Authenticated<Claims>) -> String {
    user.name.clone()
}

fn main() {}
