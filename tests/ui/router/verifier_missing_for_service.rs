use auth_core::axum::{GuardedRouter, HttpService};
use auth_core::{AuthState, Basic, FnVerifier, auth_policy};

#[derive(AuthState, Clone)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

fn routes(files: impl HttpService) -> GuardedRouter<App> {
    GuardedRouter::new().guarded_service::<Api>("/files/{*file}", files)
}

fn main() {}
