//! Protected resource metadata (RFC 9728): what challenges say (R-1, N-3, V15), how the document is served (R-3, R-4,
//! R-6), and that a client finds its way by them (C-1, C-2).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod challenges;
mod host;
mod realms;
mod routes;
mod unserved;
mod walk;

use std::sync::Arc;

use auth_core::{BodyFormat, ProtectedResource, Settings};
use auth_tests::app::{App, Pace};

const URL: &str = "https://api.example.com/.well-known/oauth-protected-resource/mcp";

fn resource() -> ProtectedResource {
    ProtectedResource::new("https://api.example.com/mcp", "https://login.example.com").unwrap()
}

/// The settings that [`App::new`] has, but for the format.
fn settings(format: BodyFormat) -> Settings {
    auth_tests::app::settings().with_body_format(format)
}

fn app() -> Arc<App> {
    let settings = settings(BodyFormat::Json).with_protected_resource(resource());
    App::with_settings(Pace::AtOnce, settings)
}
