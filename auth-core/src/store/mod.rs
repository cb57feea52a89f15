//! What must be remembered between requests, and outlive the process.

mod revocations;

pub use revocations::{Revocations, RevocationsBuilder, RevocationsError, Revoked};
