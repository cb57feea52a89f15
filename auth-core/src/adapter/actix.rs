//! actix-web 4 (feature `actix`).
#[cfg(feature = "digest")]
mod content;
#[cfg(feature = "digest")]
mod digest;
mod extract;
mod parked;
mod refusal;
mod request;
mod routing;
mod shown;

pub use crate::adapter::decided::ServiceGuard;
pub use crate::adapter::endpoint::{Decision, Endpoint};
pub use routing::*;
