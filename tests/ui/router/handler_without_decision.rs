use auth_core::axum::{GuardedRouter, get};

async fn orders() -> String {
    "orders".to_owned()
}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
