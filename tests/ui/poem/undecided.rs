use auth_core::Registry;
use auth_core::poem::{GuardedRoute, get};

async fn orders() -> &'static str {
    "orders"
}

fn routes(registry: Registry) -> GuardedRoute<Registry> {
    GuardedRoute::new(registry).at("/orders", get(orders))
}

fn main() {}
