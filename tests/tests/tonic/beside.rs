//! What stands beside a guarded service, and around it: health, reflection, interceptors, gRPC-Web.

use std::net::SocketAddr;
use std::sync::Arc;

use auth_core::Authenticated;
use auth_core::tonic::{GuardLayer, InlineLayer};
use auth_grpc::orders_server::OrdersServer;
use auth_tests::app::{App, Pace, User};
use auth_tests::raw::exchange;
use auth_tests::tokens;
use http::HeaderMap;
use tokio_stream::StreamExt as _;
use tonic::service::interceptor::InterceptorLayer;
use tonic::service::{LayerExt as _, Routes};
use tonic::transport::{Channel, Endpoint, Server};
use tonic::{Code, Request, Status};
use tonic_health::pb::HealthCheckRequest;
use tonic_health::pb::health_client::HealthClient;
use tonic_reflection::pb::v1::ServerReflectionRequest;
use tonic_reflection::pb::v1::server_reflection_client::ServerReflectionClient;
use tonic_reflection::pb::v1::server_reflection_request::MessageRequest;
use tower::Layer as _;

use crate::orders::{Behind, Form, Kind, Ran, bearer, client, fields, listen, routes, serve};

type Guard = GuardLayer<crate::orders::Api, Arc<App>, Authenticated<User>>;

fn guard() -> Guard {
    Guard::new(App::new(Pace::Awaiting))
}

fn orders() -> OrdersServer<Behind> {
    OrdersServer::new(Behind::default())
}

async fn channel(address: SocketAddr) -> Channel {
    let endpoint = Endpoint::try_from(format!("http://{address}")).unwrap();
    endpoint.connect().await.unwrap()
}

async fn health(address: SocketAddr) -> Result<i32, Status> {
    let mut client = HealthClient::new(channel(address).await);
    let answer = client.check(HealthCheckRequest::default()).await?;
    Ok(answer.into_inner().status)
}

async fn reflected(address: SocketAddr) -> Result<usize, Status> {
    let mut client = ServerReflectionClient::new(channel(address).await);
    let ask = ServerReflectionRequest {
        host: String::new(),
        message_request: Some(MessageRequest::ListServices(String::new())),
    };
    let mut answers = client
        .server_reflection_info(tokio_stream::once(ask))
        .await?
        .into_inner();
    let mut count = 0;
    while let Some(answer) = answers.next().await {
        answer?;
        count += 1;
    }
    Ok(count)
}

fn all_services() -> Routes {
    let (_, health) = tonic_health::server::health_reporter();
    let reflection = tonic_reflection::server::Builder::configure();
    Routes::new(health).add_service(reflection.build_v1().unwrap())
}

#[tokio::test]
async fn public_services_stand_beside_a_guarded_one() {
    let routes = all_services().add_service(guard().named_layer(orders()));
    let address = serve(routes).await;
    assert_eq!(health(address).await.unwrap(), 1, "serving");
    assert_eq!(reflected(address).await.unwrap(), 1);
    let mut client = client(address).await;
    let refused = Kind::Unary.call(&mut client, &HeaderMap::new()).await;
    assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
    assert_eq!(
        Kind::Talks
            .call(&mut client, &bearer(tokens::good()))
            .await
            .unwrap(),
        "ada: a+b"
    );
}

// V11: what does not exist is not told apart from what does.
#[tokio::test]
async fn around_the_server_it_guards_everything_v11() {
    let (address, incoming) = listen().await;
    let server = Server::builder()
        .layer(guard())
        .add_routes(all_services().add_service(orders()));
    tokio::spawn(server.serve_with_incoming(incoming));
    assert_eq!(
        health(address).await.unwrap_err().code(),
        Code::Unauthenticated
    );
    assert_eq!(
        reflected(address).await.unwrap_err().code(),
        Code::Unauthenticated
    );
    let mut client = client(address).await;
    for kind in Kind::ALL {
        let refused = kind.call(&mut client, &HeaderMap::new()).await;
        assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
        let admitted = kind.call(&mut client, &bearer(tokens::good())).await;
        assert_eq!(admitted.unwrap(), kind.answer("ada"));
    }
}

#[tokio::test]
async fn a_layered_service_keeps_its_name() {
    let service = InlineLayer.layer(guard().layer(orders()));
    let mut client = client(serve(Routes::new(service)).await).await;
    let admitted = Kind::Unary.call(&mut client, &bearer(tokens::good())).await;
    assert_eq!(admitted.unwrap(), "ada: hi");
}

#[allow(clippy::unnecessary_wraps, reason = "an interceptor")]
fn from_own_field(mut request: Request<()>) -> Result<Request<()>, Status> {
    if let Some(token) = request.metadata().get("x-token").cloned() {
        request.metadata_mut().insert("authorization", token);
    }
    Ok(request)
}

fn finds_ada(request: Request<()>) -> Result<Request<()>, Status> {
    match request.extensions().get::<Authenticated<User>>() {
        Some(user) if user.name == "ada" => Ok(request),
        _ => Err(Status::failed_precondition("the guard comes first")),
    }
}

// What stands outside is checked with the rest; what stands inside finds the identity.
#[tokio::test]
async fn interceptors_run_in_order() {
    let token = format!("Bearer {}", tokens::good());
    let token = fields(&[("x-token", token)]);
    for form in [Form::Layer, Form::Inline] {
        let (address, incoming) = listen().await;
        let routes = routes("Api", form, &App::new(Pace::Awaiting), &Ran::default());
        let mut server = Server::builder()
            .layer(InlineLayer)
            .layer(InterceptorLayer::new(from_own_field));
        tokio::spawn(server.add_routes(routes).serve_with_incoming(incoming));
        let mut client = client(address).await;
        let admitted = Kind::Unary.call(&mut client, &token).await;
        assert_eq!(admitted.unwrap(), "ada: hi", "{form:?}");
    }

    let inside = OrdersServer::with_interceptor(Behind::default(), finds_ada);
    let mut client = client(serve(Routes::new(guard().named_layer(inside))).await).await;
    let admitted = Kind::Gives.call(&mut client, &bearer(tokens::good())).await;
    assert_eq!(admitted.unwrap(), "ada: hi");
    let refused = Kind::Gives.call(&mut client, &HeaderMap::new()).await;
    assert_eq!(refused.unwrap_err().code(), Code::Unauthenticated);
}

// The layer that translates stands outside, so that browsers can read the refusal.
#[tokio::test]
async fn grpc_web_gets_its_refusals() {
    for form in [Form::Layer, Form::Inline] {
        let (address, incoming) = listen().await;
        let mut server = Server::builder()
            .accept_http1(true)
            .layer(tonic_web::GrpcWebLayer::new())
            .layer(InlineLayer);
        let routes = routes("Api", form, &App::new(Pace::Awaiting), &Ran::default());
        tokio::spawn(server.add_routes(routes).serve_with_incoming(incoming));
        let request = "POST /auth.test.Orders/Unary HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/grpc-web+proto\r\nContent-Length: 5\r\n\r\n\0\0\0\0\0";
        let answer = exchange(address, request).await.unwrap();
        assert_eq!(answer.status(), 200, "{form:?}");
        assert_eq!(
            answer.field("content-type"),
            ["application/grpc-web+proto"],
            "{form:?}"
        );
        assert_eq!(
            answer.field("grpc-status"),
            ["16"],
            "{form:?}: {}",
            answer.head
        );
        assert_eq!(
            answer.field("www-authenticate"),
            [r#"Bearer realm="API""#],
            "{form:?}"
        );
    }
}
