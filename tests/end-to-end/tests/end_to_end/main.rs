//! The library against a real identity provider, over TCP on both sides. The clock of the service is turned by hand;
//! that of the provider is the system's.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "tests"
)]

mod admitted;
mod faults;
mod opaque;
mod outage;
mod revocation;
mod rotation;
mod walk;
