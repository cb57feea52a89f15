//! What is on the wire: an HTTP/2 client that knows nothing of gRPC.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::Ordering;

use auth_core::tonic::{GuardLayer, InlineLayer};
use auth_core::{Authenticated, Cause};
use auth_grpc::Text;
use auth_grpc::orders_server::OrdersServer;
use auth_tests::app::{App, Pace, User};
use auth_tests::request::Probe;
use auth_tests::tokens;
use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::{RecvStream, SendStream};
use http::{HeaderMap, Request, Response};
use tokio::net::TcpStream;
use tonic::transport::Server;
use tower::{Layer as _, ServiceExt as _};

use crate::orders::{Api, Behind, Form, Kind, Ran, bearer, client, fields, listen, routes, serve};

async fn connect(address: SocketAddr) -> SendRequest<Bytes> {
    let stream = TcpStream::connect(address).await.unwrap();
    let (client, connection) = h2::client::handshake(stream).await.unwrap();
    tokio::spawn(connection);
    client.ready().await.unwrap()
}

/// Sends the head of a request; its content follows, if `ends` does not say that there is none.
async fn ask(
    address: SocketAddr,
    method: &str,
    fields: &HeaderMap,
    ends: bool,
) -> (ResponseFuture, SendStream<Bytes>) {
    let mut request = Request::post(format!("http://{address}/auth.test.Orders/{method}"))
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        .body(())
        .unwrap();
    request.headers_mut().extend(fields.clone());
    connect(address).await.send_request(request, ends).unwrap()
}

/// A message within its frame: not compressed, and its length.
fn framed(text: &str) -> Bytes {
    let message = prost::Message::encode_to_vec(&Text::from(text));
    let length = u32::try_from(message.len()).unwrap();
    [&[0][..], &length.to_be_bytes(), &message].concat().into()
}

fn grpc_status(answer: &Response<RecvStream>) -> &str {
    answer.headers()["grpc-status"].to_str().unwrap()
}

// H-16
#[tokio::test]
async fn a_refusal_is_one_block_of_header_fields() {
    for form in [Form::Layer, Form::Inline] {
        let routes = routes("Either", form, &App::new(Pace::Awaiting), &Ran::default());
        let (answer, mut request) =
            ask(serve(routes).await, "Unary", &HeaderMap::new(), false).await;
        request.send_data(framed("hi"), true).unwrap();
        let answer = answer.await.unwrap();
        assert_eq!(answer.status(), 200, "{form:?}");
        assert!(answer.body().is_end_stream(), "{form:?}: Trailers-Only");
        let mut found = answer.headers().clone();
        assert!(found.remove("date").is_some());
        let expected = fields(&[
            ("content-type", "application/grpc"),
            ("grpc-status", "16"),
            ("grpc-message", "Authorization%20header%20missing"),
            ("www-authenticate", r#"Bearer realm="API""#),
            (
                "www-authenticate",
                r#"Basic realm="Dev zone", charset="UTF-8""#,
            ),
            ("cache-control", "no-store"),
        ]);
        assert_eq!(found, expected, "{form:?}");
    }
}

// V13: whoever is refused gets the answer although no octet of the content was sent. In a method of a unary call tonic has
// read the message before, as the docs say.
#[tokio::test]
async fn the_content_is_not_waited_for_v13() {
    for pace in [Pace::AtOnce, Pace::Awaiting] {
        for (form, kinds) in [
            (Form::Layer, &Kind::ALL[..]),
            (Form::Inline, &[Kind::Takes, Kind::Talks]),
        ] {
            for kind in kinds {
                let ran = Ran::default();
                let address = serve(routes("Api", form, &App::new(pace), &ran)).await;
                let method = format!("{kind:?}");
                let (answer, _request) = ask(address, &method, &HeaderMap::new(), false).await;
                let answer = answer.await.unwrap();
                assert_eq!(grpc_status(&answer), "16", "{form:?} {kind:?} {pace:?}");
                assert_eq!(ran.load(Ordering::SeqCst), 0);
            }
        }
    }
}

#[tokio::test]
async fn before_a_layer_no_message_is_read() {
    let status = async |form, content: Option<&'static [u8]>| {
        let address = serve(routes(
            "Api",
            form,
            &App::new(Pace::AtOnce),
            &Ran::default(),
        ))
        .await;
        let (answer, mut request) =
            ask(address, "Unary", &HeaderMap::new(), content.is_none()).await;
        if let Some(content) = content {
            request
                .send_data(Bytes::from_static(content), true)
                .unwrap();
        }
        grpc_status(&answer.await.unwrap()).to_owned()
    };
    // No message, and one that is none.
    assert_eq!(status(Form::Layer, None).await, "16");
    assert_eq!(status(Form::Layer, Some(b"\0\0\0\0\x01\xff")).await, "16");
    // tonic reads it for a method, and says INTERNAL itself.
    assert_eq!(status(Form::Inline, None).await, "13");
    assert_eq!(status(Form::Inline, Some(b"\0\0\0\0\x01\xff")).await, "13");
}

// V13, in process: the body was not so much as polled.
#[tokio::test]
async fn the_body_is_untouched_v13() {
    let guard = GuardLayer::<Api, _, Authenticated<User>>::new(App::new(Pace::Awaiting));
    let service = guard.layer(OrdersServer::new(Behind::default()));
    for (credentials, status) in [
        (HeaderMap::new(), Some("16")),
        (bearer(tokens::good()), None),
    ] {
        let (probe, polled) = Probe::new("\0\0\0\0\0");
        let mut request = Request::post("/auth.test.Orders/Unary")
            .body(probe)
            .unwrap();
        *request.headers_mut() = credentials;
        let answer = service.clone().oneshot(request).await.unwrap();
        let told = answer.headers().get("grpc-status");
        assert_eq!(told.map(|told| told.to_str().unwrap()), status);
        assert_eq!(polled.get(), status.is_none());
        // The cause is there for layers that log, as over HTTP.
        let expected = status.map(|_| Cause::Missing);
        assert_eq!(answer.extensions().get(), expected.as_ref());
    }
}

// RFC 9110 §6.5.1: what comes in trailers is no credential, and replaces none. tonic alone puts trailers into the metadata of
// unary calls, in place of the header fields.
#[tokio::test]
async fn trailers_are_not_checked() {
    let good = bearer(tokens::good());
    let status = async |address, head: &HeaderMap, trailers: &HeaderMap| {
        let (answer, mut request) = ask(address, "Unary", head, false).await;
        request.send_data(framed("hi"), false).unwrap();
        // Refused at once by a layer, which does not wait for them.
        let _ = request.send_trailers(trailers.clone());
        let answer = answer.await.unwrap();
        answer
            .headers()
            .get("grpc-status")
            .map_or(0, |status| status.to_str().unwrap().parse().unwrap())
    };
    let none = HeaderMap::new();
    for form in [Form::Layer, Form::Inline] {
        let address = serve(routes(
            "Api",
            form,
            &App::new(Pace::AtOnce),
            &Ran::default(),
        ))
        .await;
        assert_eq!(status(address, &none, &good).await, 16, "{form:?}");
        assert_eq!(status(address, &good, &bearer("x")).await, 0, "{form:?}");
    }
    // Without the layer that takes them out: should tonic stop to merge them, the docs can stop to ask for it.
    let (address, incoming) = listen().await;
    let routes = routes(
        "Api",
        Form::Inline,
        &App::new(Pace::AtOnce),
        &Ran::default(),
    );
    tokio::spawn(
        Server::builder()
            .add_routes(routes)
            .serve_with_incoming(incoming),
    );
    assert_eq!(status(address, &none, &good).await, 0);
}

// A proxy in front says what the transport was, and a client cannot unsay it.
#[tokio::test]
async fn trailers_say_nothing_of_the_transport() {
    for (form, layered) in [(Form::Layer, false), (Form::Inline, true)] {
        let (address, incoming) = listen().await;
        let routes = routes("OverTls", form, &App::new(Pace::AtOnce), &Ran::default());
        if layered {
            tokio::spawn(
                Server::builder()
                    .layer(InlineLayer)
                    .add_routes(routes)
                    .serve_with_incoming(incoming),
            );
        } else {
            tokio::spawn(
                Server::builder()
                    .add_routes(routes)
                    .serve_with_incoming(incoming),
            );
        }
        let good = format!("Bearer {}", tokens::good());
        let head = fields(&[("authorization", &*good), ("x-forwarded-proto", "http")]);
        let (answer, mut request) = ask(address, "Unary", &head, false).await;
        request.send_data(framed("hi"), false).unwrap();
        let _ = request.send_trailers(fields(&[("x-forwarded-proto", "https")]));
        assert_eq!(grpc_status(&answer.await.unwrap()), "7", "{form:?}");
    }
}

// H-18: the connection goes on after a refusal.
#[tokio::test]
async fn after_a_refusal_the_connection_goes_on_h18() {
    let (app, ran) = (App::new(Pace::Awaiting), Ran::default());
    let mut client = client(serve(routes("Api", Form::Layer, &app, &ran)).await).await;
    for kind in Kind::ALL {
        assert!(kind.call(&mut client, &HeaderMap::new()).await.is_err());
        let answer = kind.call(&mut client, &bearer(tokens::good())).await;
        assert_eq!(answer.unwrap(), kind.answer("ada"));
    }
    assert_eq!(ran.load(Ordering::SeqCst), 4);
    drop(Arc::clone(&app));
}
