use auth_core::poem::{GuardedRoute, get};
use auth_core::{Registry, requires_auth};
use poem::handler;

#[requires_auth(scheme = "Bearer", realm = "API")]
#[handler]
async fn orders() -> &'static str {
    "orders"
}

fn routes(registry: Registry) -> GuardedRoute<Registry> {
    GuardedRoute::new(registry).at("/orders", get(orders))
}

fn main() {}
