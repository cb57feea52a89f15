//! The library against a real identity provider: the provider, as tests see it, and the service that they call.
//!
//! `tests/end-to-end/run.sh` starts the provider and runs them.

#![allow(
    missing_docs,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "code of tests"
)]

pub mod answer;
pub mod provider;
pub mod service;
pub mod token;

use std::time::{Duration, Instant};

/// Asks until it comes true. Each question is an exchange over the network, or gives way to one.
pub async fn until(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    let given_up = Instant::now() + Duration::from_mins(1);
    while !holds().await {
        assert!(Instant::now() < given_up, "it never came true: {what}");
        tokio::task::yield_now().await;
    }
}
