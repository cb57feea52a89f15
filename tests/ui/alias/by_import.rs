use auth_core::{Authenticated as Me, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(me: Me<String>) -> String {
    me.to_string()
}

fn main() {}
