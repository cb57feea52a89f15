//! Over a real connection: when the client is told to send, and what it gets.

use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};

use axum::body::Body;
use http::{Request, Response};
use http_body_util::BodyExt as _;

use super::adapters::{App, WithBody, credentials};
use crate::axum::{GuardedRouter, any};
use crate::guard::Guard;

/// Gives back content and trailers.
async fn mirror(_: Guard<WithBody>, request: Request<Body>) -> Response<Body> {
    let body = request.into_body().collect().await.unwrap();
    let trailer = body.trailers().and_then(|all| all.get("x-check")).cloned();
    let mut response = Response::new(Body::from(body.to_bytes()));
    if let Some(trailer) = trailer {
        response.headers_mut().insert("x-check", trailer);
    }
    response
}

async fn served(app: App) -> SocketAddr {
    let router: GuardedRouter = GuardedRouter::new().route("/", any(mirror)).with_state(app);
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router.into_router()).await });
    address
}

/// Sends what is given, one piece after the last answer's head, and reads to the end.
async fn talk(address: SocketAddr, pieces: &'static [&'static str]) -> String {
    let talk = move || {
        let mut stream = TcpStream::connect(address).unwrap();
        let head = format!(
            "POST / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nAuthorization: {}\r\n",
            credentials()
        );
        stream.write_all(head.as_bytes()).unwrap();
        let mut answer = Vec::new();
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                let mut octet = [0];
                while !answer.ends_with(b"\r\n\r\n") {
                    stream.read_exact(&mut octet).unwrap();
                    answer.extend_from_slice(&octet);
                }
            }
            stream.write_all(piece.as_bytes()).unwrap();
        }
        stream.read_to_end(&mut answer).unwrap();
        String::from_utf8(answer).unwrap()
    };
    tokio::task::spawn_blocking(talk).await.unwrap()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_waits_is_told_to_send_if_it_is_read() {
    let address = served(App::reading()).await;
    let answer = talk(
        address,
        &[
            "Content-Length: 9\r\nExpect: 100-continue\r\n\r\n",
            "two pears",
        ],
    )
    .await;
    let (first, answer) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(first, "HTTP/1.1 100 Continue");
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(
        answer.contains("\r\nauthentication-info: two pears\r\n"),
        "{answer}"
    );
    assert!(answer.contains("\r\ncontent-length: 9\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\ntwo pears"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_client_that_would_send_too_much_is_not_told_to() {
    let app = App::reading();
    let address = served(app.clone()).await;
    let answer = talk(
        address,
        &["Content-Length: 31\r\nExpect: 100-continue\r\n\r\n"],
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
    assert!(!answer.contains("authentication-info"), "{answer}");
    assert!(app.seen().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn chunks_and_trailers_come_through() {
    let address = served(App::reading()).await;
    let answer = talk(
        address,
        &["Transfer-Encoding: chunked\r\nTrailer: X-Check\r\n\r\n4\r\ntwo \r\n5\r\npears\r\n0\r\nX-Check: 7\r\n\r\n"],
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("\r\nx-check: 7\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\ntwo pears"), "{answer}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn too_many_chunks_are_refused() {
    let address = served(App::reading()).await;
    let answer = talk(
        address,
        &["Transfer-Encoding: chunked\r\n\r\n14\r\ntwenty octets, dozen\r\n14\r\ntwenty octets, dozen\r\n0\r\n\r\n"],
    )
    .await;
    assert!(answer.starts_with("HTTP/1.1 413 "), "{answer}");
}
