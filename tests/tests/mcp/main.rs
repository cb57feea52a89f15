//! Servers of the Model Context Protocol: rmcp behind the layer.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod calls;
mod events;
mod fields;
mod hostile;
mod server;
mod sessions;
mod set_up;
