use auth_core::axum::{GuardedRouter, HttpService};

fn routes(files: impl HttpService) -> GuardedRouter {
    GuardedRouter::new().public_service("/files/{*file}", files)
}

fn main() {}
