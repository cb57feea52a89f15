//! What the guard reads, and what the handler gets after it.

use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use std::panic::{AssertUnwindSafe, catch_unwind};

use bytes::Bytes;
use http::Request;
use http_body::{Body as _, Frame};
use http_body_util::BodyExt as _;

use super::Step::{Data, Error, Panic, Trailers, Wait};
use super::{Given, Seen, Steps, finish, given, once, steps};
use crate::exchange::{Content, ContentProblem, Exchange, GuardedBody};

fn begun(body: Steps) -> (Exchange, GuardedBody, Seen) {
    announced(None, body)
}

fn announced(length: Option<&str>, body: Steps) -> (Exchange, GuardedBody, Seen) {
    let seen = body.seen.clone();
    let mut request = Request::post("/orders");
    if let Some(length) = length {
        request = request.header("content-length", length);
    }
    let (mut parts, mut body) = request
        .body(GuardedBody::new(body))
        .expect("a request")
        .into_parts();
    let exchange = Exchange::of(&mut parts, &mut body);
    (exchange, body, seen)
}

fn order() -> Steps {
    steps([
        Data("two "),
        Wait,
        Data(""),
        Data("apples "),
        Wait,
        Data("and a pear"),
        Trailers("x-check", "7"),
    ])
}

const ORDER: &str = "two apples and a pear";

fn text(content: Result<Bytes, ContentProblem>) -> String {
    String::from_utf8(content.unwrap().to_vec()).unwrap()
}

// D-7, D-13: the handler gets what the guard has read, octet for octet.
#[test]
fn chunks_and_trailers_are_read_and_handed_on() {
    let (exchange, body, _) = begun(order());
    assert_eq!(text(finish(exchange.content(1000))), ORDER);
    // Where trailers follow, a length that was unknown is not told: HTTP/1.1 would drop them.
    assert_eq!(body.size_hint().upper(), None);
    assert_eq!(body.size_hint().lower(), 21);
    assert!(!body.is_end_stream());
    assert_eq!(
        given(body),
        Given::frames(&[ORDER]).with_trailer("x-check", "7")
    );
}

#[test]
fn nothing_is_read_unless_the_guard_asks() {
    let (_exchange, body, seen) = begun(order().of_length(21));
    assert_eq!(body.size_hint().exact(), Some(21));
    assert!(!body.is_end_stream());
    assert_eq!(seen.polls(), 0);
    assert_eq!(
        given(body),
        Given::frames(&["two ", "", "apples ", "and a pear"]).with_trailer("x-check", "7")
    );
}

#[test]
fn asked_twice_it_gives_the_same() {
    let (exchange, body, seen) = begun(order());
    assert_eq!(text(finish(exchange.content(1000))), ORDER);
    let polls = seen.polls();
    assert_eq!(text(finish(exchange.content(21))), ORDER);
    assert_eq!(
        finish(exchange.content(20)),
        Err(ContentProblem::TooLarge),
        "another limit"
    );
    assert_eq!(seen.polls(), polls);
    assert_eq!(given(body).frames, [ORDER]);
}

#[test]
fn one_frame_is_not_copied() {
    const ALL: &str = "all at once";
    let (exchange, mut body, _) = begun(steps([Data(ALL)]));
    let content = finish(exchange.content(1000)).unwrap();
    assert_eq!(content.as_ptr(), ALL.as_ptr());
    assert_eq!(body.size_hint().exact(), Some(11));
    let frame = finish(core::future::poll_fn(|cx| {
        Pin::new(&mut body).poll_frame(cx)
    }));
    let data = frame.unwrap().unwrap().into_data().unwrap();
    assert_eq!(data.as_ptr(), ALL.as_ptr());
    assert!(body.is_end_stream());
}

// Issue 5: nothing is buffered beyond the limit, and nothing at all where the length says it beforehand.
#[test]
fn a_length_above_the_limit_is_too_large_before_anything_is_read() {
    for (length, body) in [
        (Some("21"), order()),
        (None, order().of_length(21)),
        (Some("1"), order().of_length(21)),
    ] {
        let (exchange, body, seen) = announced(length, body);
        assert_eq!(finish(exchange.content(20)), Err(ContentProblem::TooLarge));
        assert_eq!(seen.polls(), 0);
        assert_eq!(given(body).frames.concat(), ORDER);
    }
    // At the limit.
    let (exchange, _body, _) = announced(Some("21"), order().of_length(21));
    assert_eq!(text(finish(exchange.content(21))), ORDER);
    // What is no number says nothing.
    let (exchange, _body, _) = announced(Some("many"), order());
    assert_eq!(text(finish(exchange.content(21))), ORDER);
}

#[test]
fn a_stream_above_the_limit_is_too_large_and_stays_whole() {
    let (exchange, body, seen) = begun(order());
    assert_eq!(finish(exchange.content(5)), Err(ContentProblem::TooLarge));
    let polls = seen.polls();
    assert_eq!(polls, 4, "no frame behind the one that is too much");
    assert_eq!(finish(exchange.content(5)), Err(ContentProblem::TooLarge));
    assert_eq!(seen.polls(), polls);
    assert_eq!(
        given(body),
        Given::frames(&["two apples ", "and a pear"]).with_trailer("x-check", "7")
    );
}

#[test]
fn a_body_that_breaks_off_breaks_off_for_both() {
    let (exchange, body, _) = begun(steps([Data("two "), Data("app"), Error]));
    for _ in 0..2 {
        let content = finish(exchange.content(1000));
        assert_eq!(content, Err(ContentProblem::Unreadable));
    }
    assert_eq!(body.size_hint().upper(), None);
    assert!(!body.is_end_stream());
    assert_eq!(given(body), Given::frames(&["two app"]).failed());

    let (_exchange, body, _) = begun(steps([Data("two "), Data("app"), Error]));
    assert_eq!(given(body), Given::frames(&["two ", "app"]).failed());
}

// A guard may be dropped while it reads: by a timeout around it, or an extractor that comes to an end before it.
#[test]
fn a_guard_that_is_dropped_in_the_middle_loses_nothing() {
    for polls in 1..3 {
        let (exchange, body, _) = begun(order());
        {
            let mut content = pin!(exchange.content(1000));
            for _ in 0..polls {
                assert!(once(content.as_mut()).is_pending());
            }
        }
        let given = given(body);
        assert_eq!(given.frames.concat(), ORDER, "after {polls}");
        assert_eq!(given, given_of(&given.frames).with_trailer("x-check", "7"));
        // It is the handler's now.
        assert_eq!(
            finish(exchange.content(1000)),
            Err(ContentProblem::OutOfSight)
        );
    }
    // Another guard goes on where it stopped.
    let (exchange, body, _) = begun(order());
    assert!(once(pin!(exchange.content(1000))).is_pending());
    assert_eq!(text(finish(exchange.content(1000))), ORDER);
    assert_eq!(given(body).frames, [ORDER]);
}

fn given_of(frames: &[String]) -> Given {
    Given {
        frames: frames.to_vec(),
        ..Given::default()
    }
}

#[test]
fn what_was_handed_on_in_part_is_not_taken_for_the_whole() {
    let (exchange, mut body, _) = begun(order());
    let first = finish(core::future::poll_fn(|cx| {
        Pin::new(&mut body).poll_frame(cx)
    }));
    assert!(first.is_some());
    assert_eq!(
        finish(exchange.content(1000)),
        Err(ContentProblem::OutOfSight)
    );
    assert_eq!(given(body).frames.concat(), "apples and a pear");
}

#[test]
fn a_body_that_the_handler_drops_is_gone() {
    let (exchange, body, seen) = begun(order());
    assert_eq!(text(finish(exchange.content(1000))), ORDER);
    drop(body);
    assert!(seen.is_dropped());
    assert_eq!(
        finish(exchange.content(1000)),
        Err(ContentProblem::OutOfSight)
    );
    // Unread, as a server that closes the connection wants to know.
    let (_exchange, body, seen) = begun(order());
    drop(body);
    assert!(seen.is_dropped());
    assert_eq!(seen.polls(), 0);
}

#[test]
fn a_body_that_panicked_is_never_whole() {
    let (exchange, body, _) = begun(steps([Data("two "), Panic, Data("apples")]));
    let mut content = pin!(exchange.content(1000));
    let panicked = catch_unwind(AssertUnwindSafe(|| once(content.as_mut()).is_ready()));
    assert!(panicked.is_err());
    assert_eq!(
        finish(exchange.content(1000)),
        Err(ContentProblem::Unreadable)
    );
    assert!(!body.is_end_stream());
    assert_eq!(body.size_hint().upper(), None);
}

#[test]
fn single_octets_are_put_together() {
    let (exchange, body, _) = begun(steps((0..1000).map(|_| Data("x"))));
    assert_eq!(finish(exchange.content(1000)).unwrap(), "x".repeat(1000));
    assert_eq!(body.size_hint().exact(), Some(1000));
    assert_eq!(given(body).frames, ["x".repeat(1000)]);
}

#[test]
fn what_is_here_already_is_not_parked() {
    let whole = |body: &mut (dyn core::any::Any + Send)| {
        let (mut parts, ()) = Request::new(()).into_parts();
        let exchange = Exchange::of(&mut parts, body);
        assert!(matches!(exchange.0.content, Content::Whole(_)));
        exchange
    };
    let nothing: [&mut (dyn core::any::Any + Send); 4] = [
        &mut (),
        &mut Bytes::new(),
        &mut GuardedBody::default(),
        &mut GuardedBody::new(http_body_util::Empty::new()),
    ];
    for body in nothing {
        assert_eq!(text(finish(whole(body).content(0))), "");
    }
    #[cfg(feature = "axum")]
    assert_eq!(
        text(finish(
            whole(&mut axum_core::body::Body::empty()).content(0)
        )),
        ""
    );
    let apples = whole(&mut Bytes::from("apples"));
    assert_eq!(text(finish(apples.content(6))), "apples");
    assert_eq!(finish(apples.content(5)), Err(ContentProblem::TooLarge));
}

#[test]
fn other_bodies_are_out_of_sight_and_left_alone() {
    let (mut parts, mut body) = Request::new("apples".to_owned()).into_parts();
    let exchange = Exchange::of(&mut parts, &mut body);
    assert_eq!(
        finish(exchange.content(1000)),
        Err(ContentProblem::OutOfSight)
    );
    assert_eq!(body, "apples");
    let exchange = Exchange::of_head(&mut parts);
    assert_eq!(
        finish(exchange.content(1000)),
        Err(ContentProblem::OutOfSight)
    );
}

// Behind two layers the inner one shows what the handler gets, whatever a layer between them did to the body.
#[test]
fn the_innermost_exchange_counts() {
    let request = GuardedBody::received(Request::post("/orders").body(order()).unwrap());
    let (mut parts, mut body) = request.into_parts();
    let outer = parts.extensions.get::<Exchange>().unwrap().clone();
    let inner = Exchange::of(&mut parts, &mut body);
    assert_eq!(text(finish(inner.content(1000))), ORDER);
    assert_eq!(
        finish(outer.content(1000)),
        Err(ContentProblem::OutOfSight),
        "the inner one has taken it"
    );
    assert_eq!(
        given(body),
        Given::frames(&[ORDER]).with_trailer("x-check", "7")
    );

    let (mut parts, _) =
        GuardedBody::received(Request::post("/").body(order()).unwrap()).into_parts();
    let mut other = Bytes::from("another body");
    let inner = Exchange::of(&mut parts, &mut other);
    assert_eq!(text(finish(inner.content(1000))), "another body");
}

/// What a client sends piece by piece, from another thread.
#[derive(Clone, Default)]
struct Wire(std::sync::Arc<std::sync::Mutex<Sent>>);

#[derive(Default)]
struct Sent {
    frames: std::collections::VecDeque<Bytes>,
    closed: bool,
    waker: Option<Waker>,
}

impl Wire {
    fn send(&self, data: Option<&'static str>) {
        let mut sent = self.0.lock().unwrap();
        match data {
            Some(data) => sent.frames.push_back(Bytes::from_static(data.as_bytes())),
            None => sent.closed = true,
        }
        if let Some(waker) = sent.waker.take() {
            waker.wake();
        }
    }
}

impl http_body::Body for Wire {
    type Data = Bytes;
    type Error = core::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let mut sent = self.0.lock().unwrap();
        match sent.frames.pop_front() {
            Some(data) => Poll::Ready(Some(Ok(Frame::data(data)))),
            None if sent.closed => Poll::Ready(None),
            None => {
                sent.waker = Some(cx.waker().clone());
                Poll::Pending
            }
        }
    }
}

// The guard and the handler wait in different tasks: who is dropped must not be the one that is woken.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_handler_is_woken_where_a_guard_has_waited_before() {
    for _ in 0..100 {
        let wire = Wire::default();
        let (mut parts, mut body) = Request::new(GuardedBody::new(wire.clone())).into_parts();
        let exchange = Exchange::of(&mut parts, &mut body);
        let guard = tokio::spawn(async move { exchange.content(1000).await });
        wire.send(Some("two "));
        tokio::task::yield_now().await;
        guard.abort();
        assert!(guard.await.is_err());
        let sender = std::thread::spawn(move || {
            for data in [Some("apples "), Some("and a pear"), None] {
                wire.send(data);
            }
        });
        let handler = tokio::spawn(async move { body.collect().await.unwrap().to_bytes() });
        assert_eq!(handler.await.unwrap(), ORDER);
        sender.join().unwrap();
    }
}
