//! A service with a method of each kind, as the code generator of tonic writes it: unary, and streams to the client, to
//! the server, and both ways.

/// The message of all methods.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct Text {
    /// What it says.
    #[prost(string, tag = "1")]
    pub text: String,
}

impl From<&str> for Text {
    fn from(text: &str) -> Self {
        Self {
            text: text.to_owned(),
        }
    }
}

#[allow(
    clippy::pedantic,
    missing_docs,
    unreachable_pub,
    reason = "written by a generator"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/auth.test.Orders.rs"));
}

pub use generated::{orders_client, orders_server};
