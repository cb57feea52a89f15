use auth_core::axum::{GuardedRouter, get};
use auth_core::public;

struct Broken;

#[public]
async fn order() -> Result<String, Broken> {
    Err(Broken)
}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/order", get(order))
}

fn main() {}
