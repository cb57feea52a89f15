//! Over real connections: targets as they were sent, `HEAD`, upgrades, and when a body is asked for.

use std::net::SocketAddr;

use auth_core::poem::{GuardedRoute, get, post};
use auth_core::{
    Authenticated, Bearer, BearerToken, Cause, Registry, RequestView, Verified, Verifier,
    requires_auth,
};
use auth_tests::raw::{Answer, exchange};
use futures_util::{SinkExt as _, StreamExt as _};
use poem::listener::{Acceptor as _, Listener as _, TcpListener};
use poem::web::websocket::WebSocket;
use poem::{Endpoint, EndpointExt as _, IntoResponse, Route, Server, handler};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::app::{Api, App, Claims, registry};

/// Serves it on a free port.
pub(crate) async fn serve(app: impl Endpoint + 'static) -> SocketAddr {
    let acceptor = TcpListener::bind("127.0.0.1:0")
        .into_acceptor()
        .await
        .unwrap();
    let address = acceptor.local_addr();
    let address = *address[0].as_socket_addr().unwrap();
    tokio::spawn(Server::new_with_acceptor(acceptor).run(app));
    address
}

async fn call(address: SocketAddr, line: &str, fields: &str) -> Answer {
    let head = format!("{line} HTTP/1.1\r\nHost: api.example.com\r\n{fields}\r\n");
    exchange(address, head).await.unwrap()
}

/// Yields what a verifier sees of the request.
struct Seeing;

impl Verifier for Seeing {
    type Scheme = Bearer;
    type Identity = String;

    async fn verify<'r>(
        &'r self,
        _: BearerToken<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<String>, Cause> {
        let peer: &SocketAddr = request.extension().unwrap();
        let seen = format!("{} {} {}", request.method(), request.target(), peer.ip());
        Ok(Verified::new(seen))
    }
}

#[requires_auth(Api)]
#[handler]
async fn bare(seen: Authenticated<String>) -> String {
    seen.identity().clone()
}

#[requires_auth(Api)]
async fn routed(seen: Authenticated<String>) -> String {
    seen.identity().clone()
}

#[tokio::test]
async fn a_verifier_sees_the_target_as_it_was_sent() {
    let registry = Registry::builder().bearer(Seeing).build().unwrap();
    let app = Route::new()
        .nest(
            "/v1",
            Route::new()
                .nest("/bare", Route::new().at("/seen", bare))
                .nest(
                    "/routed",
                    GuardedRoute::new(registry.clone()).at("/seen", get(routed)),
                )
                .before(|mut request: poem::Request| async move {
                    // Somebody rewrites what comes here, query included.
                    let path = request.uri().path().to_owned();
                    *request.uri_mut() = path.parse().unwrap();
                    Ok(request)
                }),
        )
        .data(registry);
    let address = serve(app).await;
    for target in ["/v1/bare/seen?a=%2F&b", "/v1/routed/seen?a=%2F&b"] {
        let fields = "Authorization: Bearer any\r\n";
        let answer = call(address, &format!("GET {target}"), fields).await;
        assert_eq!(answer.body, format!("GET {target} 127.0.0.1"));
    }
    // Poem makes a `GET` of a `HEAD`; these routes do not.
    let answer = call(
        address,
        "HEAD /v1/routed/seen",
        "Authorization: Bearer any\r\n",
    )
    .await;
    assert_eq!(answer.field("content-length"), ["30"]);
}

#[requires_auth(Api)]
#[handler]
async fn bare_upload(user: Authenticated<Claims>, body: String) -> String {
    format!("{} sent {body}", user.sub)
}

#[requires_auth(Api)]
async fn upload(user: Authenticated<Claims>, body: String) -> String {
    format!("{} sent {body}", user.sub)
}

/// V13: the refusal arrives while the body is still to be sent, and nobody asks for that.
#[tokio::test]
async fn v13_a_refusal_does_not_wait_for_the_body() {
    let app = GuardedRoute::new(App::new())
        .at("/routed", post(upload))
        .nest_undecided("/bare", "test", Route::new().at("/", bare_upload));
    let address = serve(app.data(registry())).await;
    for path in ["/routed", "/bare"] {
        let line = format!("POST {path}");
        let expect = "Content-Length: 3\r\nExpect: 100-continue\r\n";
        let answer = call(address, &line, expect).await;
        assert_eq!(answer.status(), 401, "{path}");
        let sent = "Content-Length: 3\r\nAuthorization: Bearer good\r\n\r\nyes";
        let head = format!("{line} HTTP/1.1\r\nHost: api.example.com\r\n{sent}");
        let answer = exchange(address, head).await.unwrap();
        assert_eq!(answer.body, "ada sent yes", "{path}");
    }
}

#[requires_auth(Api)]
#[handler]
async fn bare_socket(user: Authenticated<Claims>, socket: WebSocket) -> impl IntoResponse {
    greet(user.sub.clone(), socket)
}

#[requires_auth(Api)]
async fn socket(user: Authenticated<Claims>, socket: WebSocket) -> impl IntoResponse {
    greet(user.sub.clone(), socket)
}

/// Says the name, and what it hears.
fn greet(name: String, socket: WebSocket) -> impl IntoResponse {
    socket.on_upgrade(async move |mut socket| {
        while let Some(Ok(message)) = socket.next().await {
            let poem::web::websocket::Message::Text(heard) = message else {
                break;
            };
            let said = poem::web::websocket::Message::text(format!("{name} {heard}"));
            socket.send(said).await.unwrap();
        }
    })
}

#[tokio::test]
async fn an_upgrade_is_guarded() {
    let app = GuardedRoute::new(App::new())
        .at("/routed", get(socket))
        .nest_undecided("/bare", "test", Route::new().at("/", bare_socket));
    let address = serve(app.data(registry())).await;
    let upgrade = "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n";
    for path in ["/routed", "/bare"] {
        let refused = call(address, &format!("GET {path}"), upgrade).await;
        assert_eq!(refused.status(), 401, "{path}");

        let mut stream = TcpStream::connect(address).await.unwrap();
        let head = format!(
            "GET {path} HTTP/1.1\r\nHost: api.example.com\r\n{upgrade}Authorization: Bearer good\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\n") {
            answer.push(stream.read_u8().await.unwrap());
        }
        assert!(answer.starts_with(b"HTTP/1.1 101 "), "{path}");
        // A text of two octets, masked with zeros (RFC 6455 §5.2).
        stream.write_all(b"\x81\x82\0\0\0\0hi").await.unwrap();
        let mut frame = [0; 8];
        stream.read_exact(&mut frame).await.unwrap();
        assert_eq!(&frame, b"\x81\x06ada hi", "{path}");
    }
}
