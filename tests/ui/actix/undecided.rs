use auth_core::Registry;
use auth_core::actix::{GuardedScope, get};

async fn orders() -> &'static str {
    "…"
}

fn scope(registry: Registry) -> GuardedScope<Registry> {
    GuardedScope::new("/api", registry).route("/orders", get(orders))
}

fn main() {}
