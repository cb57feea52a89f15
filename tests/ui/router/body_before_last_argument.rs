use auth_core::axum::{GuardedRouter, post};
use auth_core::public;
use axum::http::Method;

#[public]
async fn order(_body: String, _: Method) {}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/orders", post(order))
}

fn main() {}
