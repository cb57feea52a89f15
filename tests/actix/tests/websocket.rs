//! A connection becomes a websocket behind the guard only, and its frames reach the handler.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::thread;

use actix_web::{App, Error, HttpRequest, HttpResponse, HttpServer, get as routed_get, rt, web};
use actix_ws::Message;
use auth_actix::{Shop, User, registry};
use auth_core::actix::{GuardedScope, get};
use auth_core::{Authenticated, requires_auth};
use auth_tests::app::Pace;
use futures_util::StreamExt as _;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

fn echoed(user: &User, request: &HttpRequest, body: web::Payload) -> Result<HttpResponse, Error> {
    let (answer, mut session, mut messages) = actix_ws::handle(request, body)?;
    let name = user.name.clone();
    rt::spawn(async move {
        while let Some(Ok(Message::Text(text))) = messages.next().await {
            if session.text(format!("{name}: {text}")).await.is_err() {
                return;
            }
        }
    });
    Ok(answer)
}

#[routed_get("/bare")]
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn bare(
    user: Authenticated<User>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Error> {
    echoed(&user, &request, body)
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn scoped(
    user: Authenticated<User>,
    request: HttpRequest,
    body: web::Payload,
) -> Result<HttpResponse, Error> {
    echoed(&user, &request, body)
}

fn start(pace: Pace) -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = listener.local_addr().unwrap();
    let scope = GuardedScope::new("/in", Shop::new(pace)).route("/scope", get(scoped));
    let registry = registry(pace);
    thread::spawn(move || {
        let server = HttpServer::new(move || {
            App::new()
                .app_data(registry.clone())
                .service(bare)
                .service(scope.clone())
        });
        let server = server.workers(1).disable_signals().listen(listener);
        rt::System::new().block_on(server.unwrap().run())
    });
    address
}

/// What is answered to a handshake, up to the end of this many octets behind the head.
async fn asked(server: SocketAddr, path: &str, token: &str, sent: &[u8], behind: usize) -> Vec<u8> {
    let mut stream = TcpStream::connect(server).await.unwrap();
    let head = format!(
        "GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nAuthorization: Bearer {token}\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).await.unwrap();
    stream.write_all(sent).await.unwrap();
    let mut answer = Vec::new();
    loop {
        let end = answer.windows(4).position(|four| four == b"\r\n\r\n");
        if end.is_some_and(|end| answer.len() >= end + 4 + behind) {
            return answer;
        }
        assert_ne!(stream.read_buf(&mut answer).await.unwrap(), 0, "{answer:?}");
    }
}

#[tokio::test]
async fn a_websocket_opens_behind_the_guard_only() {
    // RFC 6455 §5.2: the last frame, of text, masked with zeros.
    let frame = b"\x81\x82\0\0\0\0hi";
    for pace in Pace::BOTH {
        let server = start(pace);
        for path in ["/bare", "/in/scope"] {
            let answer = asked(server, path, "bad", frame, 0).await;
            assert!(
                answer.starts_with(b"HTTP/1.1 401 Unauthorized\r\n"),
                "{path}"
            );
            let answer = asked(server, path, "good", frame, 9).await;
            assert!(
                answer.starts_with(b"HTTP/1.1 101 Switching Protocols\r\n"),
                "{path}"
            );
            assert!(answer.ends_with(b"\x81\x07ada: hi"), "{path}: {answer:?}");
        }
    }
}
