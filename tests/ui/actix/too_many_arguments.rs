use auth_core::actix::{GuardedScope, get};
use auth_core::{Registry, requires_auth};

#[rustfmt::skip]
#[requires_auth(scheme = "Bearer", realm = "Shop")]
async fn orders(
    _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (),
    _: (), _: (), _: (), _: (), _: (), _: (), _: (), _: (),
) -> &'static str {
    "…"
}

fn scope(registry: Registry) -> GuardedScope<Registry> {
    GuardedScope::new("/api", registry).route("/orders", get(orders))
}

fn main() {}
