use auth_core::axum::{GuardedRouter, get};
use auth_core::public;
use axum::extract::Path;

#[public]
async fn order() {}

async fn cancel(_: Path<u32>) {}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/orders/{id}", get(order).delete(cancel))
}

fn main() {}
