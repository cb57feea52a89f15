use auth_core::{Authenticated, requires_auth};
use salvo_core::prelude::*;

#[handler]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(user: Authenticated<String>) -> String {
    user.to_string()
}

fn main() {}
