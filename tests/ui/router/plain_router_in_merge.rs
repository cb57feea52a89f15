use auth_core::axum::GuardedRouter;
use axum::Router;

fn routes(old: Router) -> GuardedRouter {
    GuardedRouter::new().merge(old)
}

fn main() {}
