use auth_core::axum::{GuardedRouter, get};
use auth_core::public;
use axum::extract::State;

#[derive(Clone)]
struct App;

#[derive(Clone)]
struct Pool;

#[public]
async fn orders(_: State<Pool>) {}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
