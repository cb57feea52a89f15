use auth_core::poem::{GuardedRoute, get};
use auth_core::{Registry, requires_auth};
use poem::web::Data;

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders(pool: Data<&u64>) -> String {
    pool.to_string()
}

fn routes(registry: Registry) -> GuardedRoute<Registry> {
    GuardedRoute::new(registry).at("/orders", get(orders))
}

fn main() {}
