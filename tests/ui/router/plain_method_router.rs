use auth_core::axum::GuardedRouter;
use auth_core::public;
use axum::routing::get;

#[public]
async fn orders() {}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
