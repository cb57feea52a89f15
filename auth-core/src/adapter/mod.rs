//! One module for each framework. An adapter finds the header lines and the state, asks
//! [`decide`](crate::decide), and hands over what comes back. It holds no rule.

#[cfg(feature = "actix")]
pub mod actix;
#[cfg(any(
    feature = "actix",
    feature = "axum",
    feature = "poem",
    feature = "salvo"
))]
mod admission;
#[cfg(feature = "axum")]
mod axum;
#[cfg(any(feature = "actix", feature = "axum", feature = "poem"))]
mod decided;
#[cfg(any(feature = "actix", feature = "axum", feature = "poem"))]
mod endpoint;
pub mod http;
#[cfg(feature = "mcp")]
pub mod mcp;
#[cfg(feature = "poem")]
pub mod poem;
#[cfg(feature = "salvo")]
pub mod salvo;
mod shown;
#[cfg(feature = "tonic")]
pub mod tonic;
#[cfg(feature = "tower")]
pub mod tower;

#[cfg(feature = "axum")]
pub use self::axum::routing;
