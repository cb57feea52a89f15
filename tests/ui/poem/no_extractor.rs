use auth_core::poem::{GuardedRoute, get};
use auth_core::{Registry, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(number: u64) -> String {
    number.to_string()
}

fn routes(registry: Registry) -> GuardedRoute<Registry> {
    GuardedRoute::new(registry).at("/orders", get(orders))
}

fn main() {}
