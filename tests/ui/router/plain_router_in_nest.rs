use auth_core::axum::GuardedRouter;
use axum::Router;

fn routes(old: Router) -> GuardedRouter {
    GuardedRouter::new().nest("/old", old)
}

fn main() {}
