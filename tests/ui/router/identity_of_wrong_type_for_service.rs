use auth_core::axum::{GuardedRouter, HttpService};
use auth_core::{AuthState, Authenticated, Bearer, FnVerifier, auth_policy};

#[derive(Clone)]
struct User;

#[derive(AuthState, Clone)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
}

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

fn routes(files: impl HttpService) -> GuardedRouter<App> {
    GuardedRouter::new().guarded_service::<(Api, Authenticated<User>)>("/files", files)
}

fn main() {}
