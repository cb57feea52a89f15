use auth_core::axum::{GuardedRouter, get};

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/", get(|| async { "hello" }))
}

fn main() {}
