use auth_core::public;
use salvo_core::prelude::*;

#[handler]
#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

fn main() {}
