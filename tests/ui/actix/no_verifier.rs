use std::sync::Arc;

use auth_core::actix::{GuardedScope, get};
use auth_core::{AuthState, Basic, FnVerifier, requires_auth};

#[derive(AuthState)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "Bearer", realm = "Shop")]
async fn orders() -> &'static str {
    "…"
}

fn scope(app: Arc<App>) -> GuardedScope<Arc<App>> {
    GuardedScope::new("/api", app).route("/orders", get(orders))
}

fn main() {}
