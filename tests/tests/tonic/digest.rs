//! Digest over gRPC: the target of a call is signed, in both forms.

use std::sync::Arc;

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::tonic::GuardLayer;
use auth_core::{AuthState, Authenticated, DigestAlgorithm, auth_policy, requires_auth};
use auth_grpc::Text;
use auth_grpc::orders_client::OrdersClient;
use auth_grpc::orders_server::{Orders, OrdersServer};
use digest_auth::{AuthContext, HttpMethod, WwwAuthenticateHeader};
use http::HeaderMap;
use tonic::service::{LayerExt as _, Routes};
use tonic::transport::{Channel, Server};
use tonic::{Code, Request, Response, Status, Streaming};

use crate::orders::{Texts, client, fields, listen, serve, with};

#[derive(AuthState)]
struct App {
    #[auth(Digest)]
    users: DigestVerifier<DigestUserList<String>>,
}

fn app() -> Arc<App> {
    let users = DigestUserList::builder([("API", DigestAlgorithm::Sha256)])
        .user("Mufasa", "Circle of Life", "Mufasa".to_owned())
        .unwrap()
        .build()
        .unwrap();
    let secret = NonceSecret::random().unwrap();
    let users = DigestVerifier::builder(users, secret).build().unwrap();
    Arc::new(App { users })
}

#[auth_policy(scheme = "Digest", realm = "API")]
struct Api;

#[auth_policy(scheme = "Digest", realm = "API", qop = "auth, auth-int")]
struct Signed;

/// Checks in two methods; the others are open.
struct Inline(Arc<App>);

#[tonic::async_trait]
impl Orders for Inline {
    type GivesStream = Texts;
    type TalksStream = Texts;

    #[requires_auth(Api, request = request, state = self.0, identity = user: String)]
    async fn unary(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        drop(request);
        Ok(Response::new(Text::from(user.as_str())))
    }

    #[requires_auth(Signed, request = request, state = self.0)]
    async fn takes(&self, request: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        drop(request);
        Ok(Response::new(Text::default()))
    }

    async fn gives(&self, _: Request<Text>) -> Result<Response<Texts>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn talks(&self, _: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
        Err(Status::unimplemented(""))
    }
}

/// Takes whoever comes.
struct Open;

#[tonic::async_trait]
impl Orders for Open {
    type GivesStream = Texts;
    type TalksStream = Texts;

    async fn unary(&self, request: Request<Text>) -> Result<Response<Text>, Status> {
        let user = request.extensions().get::<Authenticated<String>>();
        Ok(Response::new(Text::from(user.unwrap().as_str())))
    }

    async fn takes(&self, _: Request<Streaming<Text>>) -> Result<Response<Text>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn gives(&self, _: Request<Text>) -> Result<Response<Texts>, Status> {
        Err(Status::unimplemented(""))
    }

    async fn talks(&self, _: Request<Streaming<Text>>) -> Result<Response<Texts>, Status> {
        Err(Status::unimplemented(""))
    }
}

async fn unary(
    client: &mut OrdersClient<Channel>,
    fields: &HeaderMap,
) -> Result<Response<Text>, Status> {
    client.unary(with(Text::default(), fields)).await
}

/// Answers the challenge, for this target.
async fn log_in(
    client: &mut OrdersClient<Channel>,
    target: &str,
) -> Result<Response<Text>, Status> {
    let refused = unary(client, &HeaderMap::new()).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
    let challenge = refused.metadata().get("www-authenticate").unwrap();
    let mut challenge: WwwAuthenticateHeader = challenge.to_str().unwrap().parse().unwrap();
    let context = AuthContext::new_with_method(
        "Mufasa",
        "Circle of Life",
        target,
        None::<&[u8]>,
        HttpMethod::POST,
    );
    let answer = challenge.respond(&context).unwrap().to_string();
    unary(client, &fields(&[("authorization", answer)])).await
}

const TARGET: &str = "/auth.test.Orders/Unary";

// D-13: the target is that of the call, and no other one.
#[tokio::test]
async fn digest_signs_the_target_of_the_call() {
    let guard = GuardLayer::<Api, _, Authenticated<String>>::new(app());
    let layered = Routes::new(guard.named_layer(OrdersServer::new(Open)));
    let inline = Routes::new(OrdersServer::new(Inline(app())));
    for (routes, tells) in [(layered, true), (inline, false)] {
        let mut client = client(serve(routes).await).await;
        let admitted = log_in(&mut client, TARGET).await.unwrap();
        assert_eq!(admitted.get_ref().text, "Mufasa");
        let info = admitted.metadata().get("authentication-info");
        assert_eq!(info.is_some(), tells, "from the layer only");
        let refused = log_in(&mut client, "/auth.test.Orders/Takes")
            .await
            .unwrap_err();
        assert_eq!(refused.code(), Code::Unauthenticated);
        assert_eq!(
            refused.message(),
            "uri of the Digest credentials is not the target of the request: write path and query as in the request line"
        );
    }
}

// As documented: without the layer around the server, a method does not know its target, and admits nobody.
#[tokio::test]
async fn without_the_target_nobody_is_admitted() {
    let (address, incoming) = listen().await;
    let server = Server::builder().add_service(OrdersServer::new(Inline(app())));
    tokio::spawn(server.serve_with_incoming(incoming));
    let mut client = client(address).await;
    let refused = log_in(&mut client, TARGET).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unauthenticated);
}

#[tokio::test]
async fn auth_int_is_refused_in_methods() {
    let mut client = client(serve(Routes::new(OrdersServer::new(Inline(app())))).await).await;
    let takes = async |client: &mut OrdersClient<Channel>, fields: &HeaderMap| {
        let texts = with(tokio_stream::iter([Text::default()]), fields);
        client.takes(texts).await.unwrap_err()
    };
    let refused = takes(&mut client, &HeaderMap::new()).await;
    let challenge = refused.metadata().get("www-authenticate").unwrap();
    let mut challenge: WwwAuthenticateHeader = challenge.to_str().unwrap().parse().unwrap();
    let context = AuthContext::new_with_method(
        "Mufasa",
        "Circle of Life",
        "/auth.test.Orders/Takes",
        Some(&b"\0\0\0\0\0"[..]),
        HttpMethod::POST,
    );
    let answer = challenge.respond(&context).unwrap().to_string();
    let refused = takes(&mut client, &fields(&[("authorization", answer)])).await;
    assert_eq!(
        (refused.code(), refused.message()),
        (Code::Internal, "Internal server error")
    );
}
