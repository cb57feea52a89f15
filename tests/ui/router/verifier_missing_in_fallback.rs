use auth_core::axum::GuardedRouter;
use auth_core::{AuthState, Basic, FnVerifier, requires_auth};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
async fn not_found() {}

fn routes() -> GuardedRouter<App> {
    GuardedRouter::new().fallback(not_found)
}

fn main() {}
