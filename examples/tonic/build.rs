//! Writes the traits and the client of the service.
//!
//! A program with a `.proto` file has one line here, `tonic_prost_build::compile_protos("greeter.proto")`, which needs
//! `protoc`. This example does without, so the service is described here, and its messages are in `lib.rs`. On the
//! wire it is the same.

use tonic_build::manual::{Builder, Method, MethodBuilder, Service};

fn method(name: &str, route_name: &str) -> MethodBuilder {
    Method::builder()
        .name(name)
        .route_name(route_name)
        .input_type("crate::HelloRequest")
        .output_type("crate::HelloReply")
        .codec_path("tonic_prost::ProstCodec")
}

fn main() {
    let greeter = Service::builder()
        .package("example")
        .name("Greeter")
        .method(method("hello", "Hello").build())
        .method(method("greetings", "Greetings").server_streaming().build())
        .build();
    Builder::new().compile(&[greeter]);
}
