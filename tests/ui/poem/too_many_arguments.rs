use auth_core::poem::{GuardedRoute, get};
use auth_core::{Registry, requires_auth};
use poem::http::Method as M;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[rustfmt::skip]
async fn orders(
    _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M, _: M,
) -> &'static str {
    "orders"
}

fn routes(registry: Registry) -> GuardedRoute<Registry> {
    GuardedRoute::new(registry).at("/orders", get(orders))
}

fn main() {}
