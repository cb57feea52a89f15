use auth_core::axum::{GuardedRouter, get};
use auth_core::private::{Guard, Unseen};
use auth_core::auth_policy;
use axum::http::Method;

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

async fn orders(_: Method, _: Guard<Api, Unseen>) {}

fn routes<S: Clone + Send + Sync + 'static>() -> GuardedRouter<S> {
    GuardedRouter::new().route("/orders", get(orders))
}

fn main() {}
