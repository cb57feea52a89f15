//! tonic: a real server and real clients over a socket, with the policy before the service and in its methods.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod beside;
mod calls;
mod digest;
mod orders;
mod table;
mod wire;
