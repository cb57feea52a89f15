use auth_core::Registry;
use auth_core::actix::GuardedScope;

fn scope(registry: Registry) -> GuardedScope<Registry> {
    GuardedScope::new("/api", registry).default_service(async || "…")
}

fn main() {}
