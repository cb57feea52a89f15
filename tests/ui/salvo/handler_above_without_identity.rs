use auth_core::requires_auth;
use salvo_core::prelude::*;

#[handler]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() -> &'static str {
    "orders"
}

fn main() {}
