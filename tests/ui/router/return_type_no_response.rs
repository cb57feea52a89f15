use auth_core::axum::{GuardedRouter, get};
use auth_core::public;

struct Order;

#[public]
async fn order() -> Order {
    Order
}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/order", get(order))
}

fn main() {}
