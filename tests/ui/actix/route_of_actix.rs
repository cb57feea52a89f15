use actix_web::web;
use auth_core::actix::GuardedScope;
use auth_core::{Registry, requires_auth};

#[requires_auth(scheme = "Bearer", realm = "Shop")]
async fn orders() -> &'static str {
    "…"
}

fn scope(registry: Registry) -> GuardedScope<Registry> {
    GuardedScope::new("/api", registry).route("/orders", web::get().to(orders))
}

fn main() {}
