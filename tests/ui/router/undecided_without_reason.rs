use auth_core::axum::GuardedRouter;
use axum::Router;

fn routes(old: Router) -> GuardedRouter {
    GuardedRouter::new().undecided(old)
}

fn main() {}
