use auth_core::axum::{GuardedRouter, HttpService};

fn routes(files: impl HttpService) -> GuardedRouter {
    GuardedRouter::new().route("/files/{*file}", files)
}

fn main() {}
