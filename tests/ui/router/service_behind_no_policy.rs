use auth_core::axum::{GuardedRouter, HttpService};
use auth_core::{AuthState, Basic, FnVerifier};

struct Api;

#[derive(AuthState, Clone)]
struct App {
    #[auth(Basic)]
    users: FnVerifier<Basic, String>,
}

fn routes(files: impl HttpService) -> GuardedRouter<App> {
    GuardedRouter::new().guarded_service::<Api>("/files/{*file}", files)
}

fn main() {}
