use auth_core::axum::{GuardedRouter, get};
use auth_core::public;
use axum::http::Method;

#[public]
async fn orders(
    _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method,
    _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method, _: Method,
) {
}

fn routes() -> GuardedRouter {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
