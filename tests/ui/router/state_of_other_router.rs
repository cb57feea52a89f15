use auth_core::axum::{GuardedMethodRouter, GuardedRouter};

#[derive(Clone)]
struct App;

#[derive(Clone)]
struct Admin;

fn routes(methods: GuardedMethodRouter<Admin>) -> GuardedRouter<App> {
    GuardedRouter::new().route("/", methods)
}

fn main() {}
