//! Guarded handlers on poem.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
// Handlers are `async`, whether they await or not.
#![allow(clippy::unused_async)]

mod app;
mod conformance;
mod digest;
mod handlers;
mod openapi;
mod routes;
mod sockets;
