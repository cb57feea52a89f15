use auth_core::axum::{GuardedRouter, get};
use auth_core::public;
use std::rc::Rc;

#[public]
async fn order() {
    let kept = Rc::new(());
    std::future::ready(()).await;
    drop(kept);
}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/order", get(order))
}

fn main() {}
