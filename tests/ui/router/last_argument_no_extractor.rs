use auth_core::axum::{GuardedRouter, get};
use auth_core::public;

struct Order;

#[public]
async fn orders(_: Order) {}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
