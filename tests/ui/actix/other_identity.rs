use std::sync::Arc;

use auth_core::actix::{GuardedScope, get};
use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, requires_auth};

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[requires_auth(scheme = "Bearer", realm = "Shop")]
async fn orders(user: Authenticated<u64>) -> String {
    user.to_string()
}

fn scope(app: Arc<App>) -> GuardedScope<Arc<App>> {
    GuardedScope::new("/api", app).route("/orders", get(orders))
}

fn main() {}
