//! What the behaviour tests share: an application with verifiers of every kind, handlers that tell who called, the
//! servers of all frameworks, and the tables that they all answer alike.

#![allow(
    missing_docs,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    clippy::too_many_lines,
    clippy::wildcard_imports,
    reason = "code of tests"
)]

pub mod app;
pub mod conformance;
pub mod connections;
pub mod digest;
pub mod drivers;
pub mod handlers;
pub mod introspector;
pub mod log;
pub mod observed;
pub mod paths;
pub mod program;
pub mod provider;
pub mod raw;
pub mod request;
pub mod servers;
pub mod tokens;

/// Waits until something holds that another task brings about. It fails after a minute, which nothing here takes.
pub async fn until(mut holds: impl FnMut() -> bool) {
    let begun = std::time::Instant::now();
    while !holds() {
        assert!(begun.elapsed().as_secs() < 60, "it never happened");
        tokio::task::yield_now().await;
    }
}
