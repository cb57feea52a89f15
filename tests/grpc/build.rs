//! The service, without a `.proto` file: reading those needs `protoc`, and a fresh machine has none.

use tonic_build::manual::{Builder, Method, MethodBuilder, Service};

fn method(name: &str, route_name: &str) -> MethodBuilder {
    Method::builder()
        .name(name)
        .route_name(route_name)
        .input_type("crate::Text")
        .output_type("crate::Text")
        .codec_path("tonic_prost::ProstCodec")
}

fn main() {
    let service = Service::builder()
        .package("auth.test")
        .name("Orders")
        .method(method("unary", "Unary").build())
        .method(method("gives", "Gives").server_streaming().build())
        .method(method("takes", "Takes").client_streaming().build())
        .method(
            method("talks", "Talks")
                .client_streaming()
                .server_streaming()
                .build(),
        )
        .build();
    Builder::new().compile(&[service]);
}
