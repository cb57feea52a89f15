//! What the benchmarks share: the application under test, the requests, and how both are measured.

pub mod allocations;
pub mod app;
pub mod causes;
pub mod digest;
pub mod frameworks;
pub mod hand;
pub mod jwt;
pub mod loopback;
pub mod measure;
pub mod peers;
pub mod request;
