//! One module for each framework. An adapter finds the header lines and the state, asks
//! [`decide`](crate::decide), and hands over what comes back. It holds no rule.

#[cfg(feature = "axum")]
mod admission;
#[cfg(feature = "axum")]
mod axum;
pub mod http;
#[cfg(feature = "mcp")]
pub mod mcp;
mod shown;
#[cfg(feature = "tonic")]
pub mod tonic;
#[cfg(feature = "tower")]
pub mod tower;

#[cfg(feature = "axum")]
pub use self::axum::routing;
