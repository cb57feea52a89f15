//! How much content is held for `auth-int` at once (V24): anybody gets a nonce, and with it could have content held.

use std::future::Future;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};

use auth_core::axum::{GuardedRouter, any};
use auth_core::digest::{DigestUserList, DigestVerifier, DigestVerifierError, NonceSecret};
use auth_core::{Cause, DigestAlgorithm};
use auth_tests::digest::Client;
use auth_tests::request::Probe;
use axum::body::Body;
use bytes::Bytes;
use http::header::{CONTENT_LENGTH, RETRY_AFTER};
use http::{HeaderValue, Response};
use http_body::{Frame, SizeHint};
use tokio::sync::{Semaphore, oneshot};
use tokio::task::JoinSet;

use crate::server::{IN_FLIGHT, LIMIT, PASSWORD, Server, Told, USER, all, app, honest, signed};

const ADMITTED: (u16, &str) = (200, "admitted");
const TOO_MUCH: (u16, &str) = (503, "unavailable");

/// A client that sends its content when it is told to.
struct Slow {
    content: oneshot::Receiver<Result<Bytes, ()>>,
    length: Option<u64>,
    ended: bool,
}

impl http_body::Body for Slow {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if self.ended {
            return Poll::Ready(None);
        }
        let content = std::task::ready!(Pin::new(&mut self.content).poll(cx));
        self.ended = true;
        Poll::Ready(Some(match content {
            Ok(Ok(content)) => Ok(Frame::data(content)),
            Ok(Err(())) => panic!("a body panicked"),
            Err(_) => Err("gone".into()),
        }))
    }

    fn size_hint(&self) -> SizeHint {
        match self.length {
            Some(length) if !self.ended => SizeHint::with_exact(length),
            _ => SizeHint::default(),
        }
    }
}

type Answer = Pin<Box<dyn Future<Output = Response<Body>> + Send>>;

/// A request that waits for its content, of this length if it is known.
struct Waiting {
    answer: Answer,
    content: oneshot::Sender<Result<Bytes, ()>>,
}

impl Waiting {
    fn begin(server: &Server, client: &Client, length: Option<usize>) -> Self {
        let (sender, content) = oneshot::channel();
        let slow = Slow {
            content,
            length: length.map(|length| length.try_into().unwrap()),
            ended: false,
        };
        let (server, request) = (server.clone(), honest(client).map(|_| Body::new(slow)));
        let mut answer: Answer = Box::pin(async move { server.answer(request).await });
        let polled = answer
            .as_mut()
            .poll(&mut Context::from_waker(Waker::noop()));
        assert!(polled.is_pending(), "it has to wait for its content");
        Self {
            answer,
            content: sender,
        }
    }

    async fn send(self, client: &Client) -> Told {
        self.content
            .send(Ok(client.content.clone().into()))
            .unwrap();
        Told::of(self.answer.await).await
    }
}

async fn poster(server: &Server) -> Client {
    server.client("/a").await.asking("POST", "/a")
}

async fn refused_for_now(server: &Server, client: &Client, length: Option<usize>) {
    let (probe, polled) = Probe::new("x");
    let mut request = honest(client).map(|_| Body::new(probe));
    if let Some(length) = length {
        let (_sender, content) = oneshot::channel();
        let length = Some(length.try_into().unwrap());
        let ended = false;
        *request.body_mut() = Body::new(Slow {
            content,
            length,
            ended,
        });
    }
    let response = server.answer(request).await;
    assert_eq!(response.headers()[RETRY_AFTER], "1", "{}", server.name);
    let cause = response.extensions().get::<Cause>().unwrap().to_string();
    assert!(cause.contains("with_max_content_in_flight"), "{cause}");
    let told = Told::of(response).await;
    assert_eq!(told.outcome(), TOO_MUCH, "{}", server.name);
    assert!(told.challenges.is_empty() && told.info.is_none());
    assert!(!polled.get(), "{}", server.name);
}

// Where the length is not known, each may come to the limit.
#[tokio::test]
async fn v24_requests_beyond_the_budget_are_refused_unread() {
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering("two pears");
        let waiting: Vec<_> = (1..=IN_FLIGHT / LIMIT)
            .map(|_| Waiting::begin(&server, &client, None))
            .collect();
        refused_for_now(&server, &client, None).await;

        // What needs none of it goes on: no content, and no `auth-int`.
        let empty = client.clone().counting(10).covering("");
        let told = server.told(honest(&empty)).await;
        assert_eq!(told.outcome(), ADMITTED, "{}", server.name);
        let mut plain = client.clone().counting(11);
        plain.qop = "auth";
        let told = server.told(honest(&plain)).await;
        assert_eq!(told.outcome(), ADMITTED, "{}", server.name);

        // What is refused by its head is refused for that.
        let mut foreign = client.clone();
        foreign.nonce.make_ascii_uppercase();
        let told = server.told(honest(&foreign)).await;
        assert_eq!(told.outcome(), (401, "unknown_nonce"), "{}", server.name);
        let mut long = honest(&client).map(|_| Body::new(Probe::new("x").0));
        let announced = HeaderValue::from(LIMIT + 1);
        long.headers_mut().insert(CONTENT_LENGTH, announced);
        let told = server.told(long).await;
        assert_eq!(told.outcome(), (413, "content_too_large"));

        // There is room again when one was judged. All of these have count 1, which the refused ones have not used up.
        for (nc, waiting) in (1..).zip(waiting) {
            let client = client.clone().counting(20 + nc);
            let first = waiting.send(&client).await;
            let expected = if nc == 1 {
                ADMITTED
            } else {
                (401, "stale_nonce")
            };
            assert_eq!(first.outcome(), expected, "{}", server.name);
            let told = server.told(honest(&client)).await;
            assert_eq!(told.outcome(), ADMITTED, "{}", server.name);
        }
    }
}

#[tokio::test]
async fn v24_a_known_length_takes_no_more_than_that() {
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering("x");
        let halves: Vec<_> = (0..2 * IN_FLIGHT / LIMIT - 1)
            .map(|_| Waiting::begin(&server, &client, Some(LIMIT / 2)))
            .collect();
        let rest = Waiting::begin(&server, &client, Some(LIMIT / 2 - 1));
        refused_for_now(&server, &client, Some(2)).await;
        refused_for_now(&server, &client, None).await;
        let last = Waiting::begin(&server, &client, Some(1));
        refused_for_now(&server, &client, Some(1)).await;
        drop((last, rest, halves));
    }
}

// However it ends: the client is gone, its answer is not waited for, its password is wrong, or something panics.
#[tokio::test]
async fn v24_the_budget_comes_back_to_the_octet() {
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering("two pears");
        let mut wrong = client.clone();
        wrong.password.push('!');
        let fill = |client: &Client| -> Vec<Waiting> {
            let each = (0..IN_FLIGHT / LIMIT).map(|_| Waiting::begin(&server, client, None));
            each.collect()
        };

        drop(fill(&client));
        for waiting in fill(&client) {
            drop(waiting.content);
            let told = Told::of(waiting.answer.await).await;
            assert_eq!(told.outcome(), (400, "content_unreadable"));
        }
        for waiting in fill(&wrong) {
            let told = waiting.send(&wrong).await;
            assert_eq!(told.outcome(), (401, "invalid_credentials"));
        }
        for waiting in fill(&client) {
            waiting.content.send(Err(())).unwrap();
            let panicked = tokio::spawn(waiting.answer).await.unwrap_err();
            assert!(panicked.is_panic());
        }
        let full = fill(&client);
        refused_for_now(&server, &client, Some(1)).await;
        drop(full);
    }
}

/// A body that says when it is read, and then waits until all requests were read or answered.
struct Gated {
    arrived: Arc<Semaphore>,
    read: Arc<AtomicUsize>,
    gate: Slow,
    begun: bool,
}

impl http_body::Body for Gated {
    type Data = Bytes;
    type Error = Box<dyn std::error::Error + Send + Sync>;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        if !self.begun {
            self.begun = true;
            self.read.fetch_add(1, Ordering::SeqCst);
            self.arrived.add_permits(1);
        }
        Pin::new(&mut self.gate).poll_frame(cx)
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn v24_a_crowd_gets_no_more_than_there_is() {
    const CROWD: u32 = 64;
    let (app, _) = app();
    for server in all(&app) {
        let client = poster(&server).await.covering("two pears");
        let arrived = Arc::new(Semaphore::new(0));
        let read = Arc::new(AtomicUsize::new(0));
        let (mut crowd, mut gates) = (JoinSet::new(), Vec::new());
        for nc in 1..=CROWD {
            let (open, content) = oneshot::channel();
            gates.push(open);
            let gated = Gated {
                arrived: Arc::clone(&arrived),
                read: Arc::clone(&read),
                gate: Slow {
                    content,
                    length: None,
                    ended: false,
                },
                begun: false,
            };
            let request = honest(&client.clone().counting(nc)).map(|_| Body::new(gated));
            let (server, arrived) = (server.clone(), Arc::clone(&arrived));
            crowd.spawn(async move {
                let told = server.told(request).await;
                if told.outcome() == TOO_MUCH {
                    arrived.add_permits(1);
                }
                told.outcome()
            });
        }
        arrived.acquire_many(CROWD).await.unwrap().forget();
        assert_eq!(read.load(Ordering::SeqCst), IN_FLIGHT / LIMIT);
        for gate in gates {
            let _ = gate.send(Ok("two pears".into()));
        }
        let outcomes = crowd.join_all().await;
        let admitted = outcomes.iter().filter(|told| **told == ADMITTED).count();
        let refused = outcomes.iter().filter(|told| **told == TOO_MUCH).count();
        assert_eq!(admitted, IN_FLIGHT / LIMIT, "{}", server.name);
        assert_eq!(admitted + refused, outcomes.len(), "{}", server.name);
    }
}

/// Announces content and waits, as `curl` does, until it is told to send it, or gets an answer.
fn announce(address: SocketAddr, client: &Client) -> (TcpStream, String) {
    let mut stream = TcpStream::connect(address).unwrap();
    let field = String::from_utf8(client.params().field()).unwrap();
    write!(
        stream,
        "POST /a HTTP/1.1\r\nHost: localhost\r\nContent-Length: {LIMIT}\r\nExpect: 100-continue\r\n\
         Authorization: {field}\r\n\r\n"
    )
    .unwrap();
    let (mut head, mut octet) = (Vec::new(), [0]);
    while !head.ends_with(b"\r\n\r\n") {
        stream.read_exact(&mut octet).unwrap();
        head.extend(octet);
    }
    (stream, String::from_utf8(head).unwrap())
}

// Over a real connection: who is refused is not told to send; and whoever hangs up leaves room for another.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn v24_slow_connections_hold_what_there_is_and_no_more() {
    let (app, _) = app();
    let router = GuardedRouter::new()
        .route("/a", any(signed))
        .with_state(app)
        .into_router();
    let server = Server::router("axum", router.clone());
    let client = poster(&server).await.covering("x".repeat(LIMIT));
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    tokio::spawn(async move { axum::serve(listener, router).await });

    let talk = move || {
        let mut slow: Vec<_> = (0..IN_FLIGHT / LIMIT)
            .map(|_| {
                let (mut stream, head) = announce(address, &client);
                assert!(head.starts_with("HTTP/1.1 100 "), "{head}");
                stream.write_all(b"some of it").unwrap();
                stream
            })
            .collect();
        let (_, head) = announce(address, &client);
        assert!(head.starts_with("HTTP/1.1 503 "), "{head}");
        assert!(head.contains("\r\nretry-after: 1\r\n"), "{head}");

        drop(slow.pop());
        // Until the server has seen it.
        let mut again = (0..10_000).map(|_| announce(address, &client));
        let (mut stream, _) = again
            .find(|(_, head)| head.starts_with("HTTP/1.1 100 "))
            .unwrap();
        stream.write_all(&client.content).unwrap();
        let mut line = [0; 13];
        stream.read_exact(&mut line).unwrap();
        assert_eq!(&line, b"HTTP/1.1 200 ");
    };
    tokio::task::spawn_blocking(talk).await.unwrap();
}

// One that could never be read is told when the application starts.
#[test]
fn a_budget_below_the_limit_is_an_error() {
    let build = |len: Option<usize>, in_flight: Option<usize>| {
        let users = DigestUserList::builder([("API", DigestAlgorithm::Sha256)])
            .user(USER, PASSWORD, USER)
            .unwrap()
            .build();
        let secret = NonceSecret::new([7; 32]).unwrap();
        let mut builder = DigestVerifier::builder(users.unwrap(), secret);
        if let Some(len) = len {
            builder = builder.with_max_content_len(len);
        }
        if let Some(in_flight) = in_flight {
            builder = builder.with_max_content_in_flight(in_flight);
        }
        builder.build().map(|verifier| format!("{verifier:?}"))
    };
    let error = build(Some(1001), Some(1000)).unwrap_err();
    let (in_flight, len) = (1000, 1001);
    let expected = DigestVerifierError::ContentInFlight { in_flight, len };
    assert_eq!(error, expected);
    for told in ["1001", "1000", "with_max_content_in_flight"] {
        assert!(error.to_string().contains(told), "{error}");
    }
    let default = 64 * 1024 * 1024;
    assert!(build(Some(default + 1), None).is_err());
    build(Some(default), None).unwrap();
    build(Some(1000), Some(1000)).unwrap();
    let told = build(None, None).unwrap();
    assert!(told.contains("max_content_in_flight: 67108864"), "{told}");
}
