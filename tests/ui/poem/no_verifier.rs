use auth_core::poem::{GuardedRoute, get};
use auth_core::{AuthState, Basic, FnVerifier, requires_auth};
use std::sync::Arc;

#[derive(AuthState)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn orders() -> &'static str {
    "orders"
}

fn routes(app: Arc<App>) -> GuardedRoute<Arc<App>> {
    GuardedRoute::new(app).at("/orders", get(orders))
}

fn main() {}
