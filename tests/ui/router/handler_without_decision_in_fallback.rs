use auth_core::axum::GuardedRouter;

async fn not_found() -> &'static str {
    "not here"
}

fn routes() -> GuardedRouter {
    GuardedRouter::new().fallback(not_found)
}

fn main() {}
