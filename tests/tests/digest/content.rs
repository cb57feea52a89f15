//! The content under `auth-int` (D-7), and that nobody reads it without need.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use auth_core::http::GuardedBody;
use auth_tests::digest::Client;
use auth_tests::request::{Polled, Probe};
use axum::body::Body;
use bytes::Bytes;
use http::header::CONTENT_LENGTH;
use http::{Request, Response};
use http_body::Frame;
use http_body_util::BodyExt as _;

use crate::attacks::asks_anew;
use crate::server::{LIMIT, Server, all, app, honest};

/// What the client means to send, with a body of unknown length that tells whether it was read.
fn probing(client: &Client, content: &'static str) -> (Request<Body>, Polled) {
    let (probe, polled) = Probe::new(content);
    (honest(client).map(|_| Body::new(probe)), polled)
}

/// A body in these parts.
struct Frames(VecDeque<io::Result<Bytes>>);

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<io::Result<Frame<Bytes>>>> {
        let next = self.0.pop_front();
        Poll::Ready(next.map(|part| part.map(Frame::data)))
    }
}

async fn poster(server: &Server) -> Client {
    server.client("/a").await.asking("POST", "/a")
}

// D-7: it covers what the handler then gets, all of it.
#[tokio::test]
async fn d7_the_handler_gets_what_was_checked() {
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering("two pears");
        let (request, polled) = probing(&client, "two pears");
        let told = server.told(request).await;
        assert_eq!(told.content, "Mufasa /a two pears", "{}", server.name);
        assert!(polled.get());
        // An empty one is covered as well.
        let client = client.counting(2).covering("");
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
    }
}

// The head says enough: nothing is read, and nothing buffered.
#[tokio::test]
async fn nothing_is_read_before_the_head_was_found_plausible() {
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering("two pears");
        let mut attacks = vec![client.clone(); 6];
        attacks[0].nonce.make_ascii_uppercase();
        "other@example.org".clone_into(&mut attacks[1].realm);
        "MD5".clone_into(&mut attacks[2].algorithm);
        "/b".clone_into(&mut attacks[3].uri);
        "1".clone_into(&mut attacks[4].nc);
        // Without auth-int it is never read.
        attacks[5].qop = "auth";
        attacks[5].password.push('!');
        for attack in attacks {
            let field = attack.params().field();
            let (probe, polled) = Probe::new("two pears");
            let request = crate::server::request("POST", "/a", &field, b"");
            let told = server.told(request.map(|_| Body::new(probe))).await;
            assert_ne!(told.outcome().0, 200, "{}", server.name);
            assert!(!polled.get(), "{}: {:?}", server.name, told.outcome());
        }
        let (request, polled) = probing(&client, "two pears");
        assert_eq!(server.told(request).await.outcome(), (200, "admitted"));
        assert!(polled.get());
    }
}

// 413: what is announced is refused before any of it is read, what is not while it is.
#[tokio::test]
async fn content_beyond_the_limit_is_too_large() {
    let whole: &'static str = "x".repeat(LIMIT).leak();
    let longer: &'static str = "x".repeat(LIMIT + 1).leak();
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering(longer);

        let (mut request, polled) = probing(&client, longer);
        let announced = (LIMIT + 1).into();
        request.headers_mut().insert(CONTENT_LENGTH, announced);
        let told = server.told(request).await;
        assert_eq!(told.outcome(), (413, "content_too_large"));
        assert!(told.challenges.is_empty() && told.info.is_none());
        assert!(!polled.get(), "{}", server.name);

        let (request, polled) = probing(&client, longer);
        let told = server.told(request).await;
        assert_eq!(told.outcome(), (413, "content_too_large"));
        assert_eq!(told.error(), "content_too_large");
        assert!(polled.get(), "{}", server.name);

        // Without auth-int the length is the handler's matter; and up to the limit it is admitted.
        let mut plain = client.clone();
        plain.qop = "auth";
        let told = server.told(probing(&plain, longer).0).await;
        assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
        let client = client.counting(2).covering(whole);
        let told = server.told(probing(&client, whole).0).await;
        assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
    }
}

// 400, with a plain challenge: whoever sends it again may succeed.
#[tokio::test]
async fn content_that_breaks_off_is_unreadable() {
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering("two pears");
        let broken = || {
            let parts = [Ok(Bytes::from("two ")), Err(io::Error::other("gone"))];
            Body::new(Frames(parts.into()))
        };
        let told = server.told(honest(&client).map(|_| broken())).await;
        assert_eq!(
            told.outcome(),
            (400, "content_unreadable"),
            "{}",
            server.name
        );
        assert_eq!(told.error(), "invalid_request");
        asks_anew(&told, &client.nonce, server.name);
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
    }
}

// D-7: over a connection in chunks of any size; content coding is covered as it was sent.
#[tokio::test]
async fn d7_chunks_and_codings() {
    let (app, _) = app();
    for server in all(&app) {
        let coded = b"\x1f\x8b\x08\x00\xff\xfe not text".to_vec();
        for (nc, size) in (1..).zip([1, 2, 5, 100]) {
            let client = poster(&server).await.covering(&coded).counting(nc);
            let chunks = coded.chunks(size);
            let frames = Frames(
                chunks
                    .map(|chunk| Ok(Bytes::copy_from_slice(chunk)))
                    .collect(),
            );
            let mut request = honest(&client);
            request
                .headers_mut()
                .insert("content-encoding", "gzip".parse().unwrap());
            let told = server.told(request.map(|_| Body::new(frames))).await;
            assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
        }
    }
}

/// The other body types of a plain `http` handler.
mod bodies {
    use super::*;
    use auth_core::http::Guarded;
    use auth_core::requires_auth;

    use crate::server::Signed;

    #[requires_auth(Signed)]
    async fn bytes(request: Request<Bytes>) -> Response<Bytes> {
        Response::new(request.into_body())
    }

    #[requires_auth(Signed)]
    async fn guarded(request: Request<GuardedBody>) -> Response<GuardedBody> {
        Response::new(request.into_body())
    }

    #[tokio::test]
    async fn d21_whole_contents_are_covered_in_both_directions() {
        let (app, _) = app();
        let client = all(&app)[0].client("/a").await.covering("two pears");
        let whole = |client: &Client| honest(client).map(|_| Bytes::from("two pears"));
        let server = Guarded::new(Arc::clone(&app), bytes);
        let answer = server.call(whole(&client)).await;
        let info = answer.headers()["authentication-info"].to_str().unwrap();
        assert_eq!(info, client.info("two pears"));
        assert_eq!(answer.into_body(), "two pears");

        let client = client.counting(2);
        let server = Guarded::new(app, guarded);
        let request = GuardedBody::received(whole(&client).map(http_body_util::Full::new));
        let answer = server.call(request).await;
        let info = answer.headers()["authentication-info"].to_str().unwrap();
        assert_eq!(info, client.info("two pears"));
        let content = answer.into_body().collect().await.unwrap().to_bytes();
        assert_eq!(content, "two pears");
    }
}
