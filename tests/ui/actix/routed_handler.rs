use actix_web::get;
use auth_core::actix::GuardedScope;
use auth_core::{Registry, requires_auth};

#[get("/orders")]
#[requires_auth(scheme = "Bearer", realm = "Shop")]
async fn orders() -> &'static str {
    "…"
}

fn scope(registry: Registry) -> GuardedScope<Registry> {
    GuardedScope::new("/api", registry).service(orders)
}

fn main() {}
