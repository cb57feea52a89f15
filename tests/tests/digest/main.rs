//! Digest (RFC 7616) through the whole pipeline, from the attribute to the answer: what is refused, why, and that the same
//! request made right is admitted with the same nonce and count.
//!
//! The client here computes for itself ([`auth_tests::digest`]), and the clock stands still until it is moved.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unused_async,
    missing_docs,
    reason = "tests"
)]

mod attacks;
mod content;
mod counts;
mod formats;
mod forwarded;
mod in_flight;
mod info;
mod instances;
mod log;
mod login;
mod nested;
mod nonces;
mod peers;
mod policies;
mod server;
mod session;
mod stores;
mod targets;
