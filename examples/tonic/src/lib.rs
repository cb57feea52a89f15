//! The messages, and what `build.rs` wrote: what one gets from
//!
//! ```proto
//! package example;
//!
//! service Greeter {
//!   rpc Hello(HelloRequest) returns (HelloReply);
//!   rpc Greetings(HelloRequest) returns (stream HelloReply);
//! }
//!
//! message HelloRequest { string greeting = 1; }
//! message HelloReply { string message = 1; }
//! ```

/// What is to be said.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct HelloRequest {
    /// `Hello`, say.
    #[prost(string, tag = "1")]
    pub greeting: String,
}

/// What was said.
#[derive(Clone, PartialEq, Eq, prost::Message)]
pub struct HelloReply {
    /// The greeting, and whom it greets.
    #[prost(string, tag = "1")]
    pub message: String,
}

#[allow(
    clippy::pedantic,
    missing_docs,
    unreachable_pub,
    reason = "written by a generator"
)]
mod generated {
    include!(concat!(env!("OUT_DIR"), "/example.Greeter.rs"));
}

pub use generated::{greeter_client, greeter_server};
