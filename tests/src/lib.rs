//! What the behaviour tests share: an application with verifiers of every kind, handlers that tell
//! who called, a request body that tells whether it was read, and the servers that all answer the
//! same table.

#![allow(
    missing_docs,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "code of tests"
)]

pub mod app;
pub mod introspector;
pub mod program;
pub mod raw;
pub mod request;
pub mod servers;
pub mod tokens;
