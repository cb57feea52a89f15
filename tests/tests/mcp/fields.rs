//! What header fields say, and the limits of contents.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use auth_core::mcp::MessageFault;
use axum::body::Body;
use bytes::Bytes;
use http::Request;
use http::request::Builder;
use http_body::{Frame, SizeHint};
use tokio_stream::iter;

use crate::server::{READ, Server, WRITE, call, call_2026, post, post_2026, usual, with};

async fn fault(server: &Server, request: Request<Body>) -> Option<(u16, MessageFault)> {
    let answer = server.answer(request).await;
    let fault = answer.extensions().get().copied();
    fault.map(|fault| (answer.status().as_u16(), fault))
}

fn without(name: &str, builder: Builder) -> Builder {
    let mut builder = builder;
    builder.headers_mut().unwrap().remove(name);
    builder
}

#[tokio::test]
async fn fields_that_say_something_else_than_the_message_are_refused() {
    let server = Server::stateless(usual);
    let other = |name, value| {
        let builder = without(name, post_2026(READ, "list_orders"));
        let message = call_2026("delete_order");
        with(builder.header(name, value), message)
    };
    for request in [
        // Judged by the head as a listing, deleting in truth.
        with(post_2026(READ, "list_orders"), call_2026("delete_order")),
        with(post_2026(READ, "list_orders"), call("delete_order")),
        with(
            post(READ).header("mcp-name", "list_orders"),
            call("delete_order"),
        ),
        other("mcp-method", "tools/list"),
        other("mcp-method", "TOOLS/CALL"),
        other("mcp-name", "=?base64?bGlzdF9vcmRlcnM=?="),
        with(
            post(WRITE).header("mcp-method", "tools/call"),
            r#"{"jsonrpc":"2.0","id":1,"result":{}}"#,
        ),
    ] {
        let (status, fault) = fault(&server, request).await.unwrap();
        assert_eq!(status, 400);
        assert!(matches!(fault, MessageFault::Mismatch(_)), "{fault}");
        assert_eq!(fault.code(), -32020);
    }
    assert_eq!(server.ran.take(), [""; 0]);
    // What is wrapped says the same.
    let wrapped = with(
        post_2026(WRITE, "=?base64?ZGVsZXRlX29yZGVy?="),
        call_2026("delete_order"),
    );
    assert_eq!(server.call(wrapped).await.0, 200);
    assert_eq!(server.ran.take(), ["delete_order ada"]);
    let wrapped = with(post_2026(READ, "=?base64?ZGVsZXRlX29yZGVy?="), "");
    assert_eq!(server.answer(wrapped).await.status(), 403);
}

#[tokio::test]
async fn fields_that_cannot_be_read_in_one_way_are_refused() {
    let server = Server::stateless(usual);
    for name in [
        "Mcp-Name",
        "Mcp-Method",
        "MCP-Protocol-Version",
        "Mcp-Session-Id",
    ] {
        let builder = post_2026(WRITE, "list_orders").header("mcp-session-id", "a");
        let builder = builder.header(name, "tools/call");
        let found = fault(&server, with(builder, call_2026("list_orders"))).await;
        assert_eq!(found, Some((400, MessageFault::FieldTwice(name))));
    }
    let twice = post(READ).method("GET").header("last-event-id", "1");
    let twice = with(twice.header("last-event-id", "2"), "");
    let found = fault(&server, twice).await;
    assert_eq!(
        found,
        Some((400, MessageFault::FieldTwice("Last-Event-ID")))
    );

    for value in [&b"\xe4"[..], b"=?base64?!?=", b"=?base64?/w==?="] {
        let builder = without("mcp-name", post_2026(WRITE, "x")).header("mcp-name", value);
        let found = fault(&server, with(builder, call_2026("list_orders"))).await;
        assert_eq!(found, Some((400, MessageFault::FieldMalformed("Mcp-Name"))));
    }
    // Nothing is said of them to whoever is unknown.
    let builder = post_2026("wrong", "list_orders").header("mcp-name", "delete_order");
    let answer = server.answer(with(builder, "")).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.extensions().get::<MessageFault>(), None);
    assert_eq!(server.ran.take(), [""; 0]);
}

#[tokio::test]
async fn contents_of_another_kind_are_refused() {
    let server = Server::stateless(usual);
    let typed = |value: &str| without("content-type", post(WRITE)).header("content-type", value);
    for builder in [
        without("content-type", post(WRITE)),
        typed("text/plain"),
        typed("application/json, text/plain"),
        typed("application/jsonl"),
        typed("application/json").header("content-type", "application/json"),
        typed("application/cbor"),
    ] {
        let found = fault(&server, with(builder, call("delete_order"))).await;
        assert_eq!(found, Some((415, MessageFault::ContentType)));
    }
    for encoding in ["gzip", "identity, gzip", "deflate", "br", ""] {
        let builder = post(WRITE).header("content-encoding", encoding);
        let found = fault(&server, with(builder, call("delete_order"))).await;
        assert_eq!(
            found,
            Some((415, MessageFault::ContentEncoding)),
            "{encoding}"
        );
    }
    assert_eq!(server.ran.take(), [""; 0]);
    for builder in [
        typed("Application/JSON ; charset=utf-8"),
        post(WRITE).header("content-encoding", "Identity"),
    ] {
        let (status, body) = server.call(with(builder, call("delete_order"))).await;
        assert_eq!(status, 200, "{body}");
    }
    // Not only POST carries a message.
    let found = fault(&server, with(post(READ).method("PATCH"), "[]")).await;
    assert_eq!(found, Some((400, MessageFault::Batch)));
}

#[tokio::test]
async fn messages_are_read_up_to_a_bound_in_whatever_pieces_they_come() {
    let message = call("list_orders").to_string();
    let server = |limit| Server::stateless(move |layer| usual(layer).max_message_len(limit));
    let chunked = || {
        let octets = message.clone().into_bytes().into_iter();
        let pieces = iter(octets.map(|octet| Ok::<_, Infallible>(vec![octet])));
        post(READ).body(Body::from_stream(pieces)).unwrap()
    };
    let enough = server(message.len());
    for request in [with(post(READ), &message), chunked()] {
        let (status, body) = enough.call(request).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(enough.ran.take(), ["list_orders ada"]);
    }
    let short = server(message.len() - 1);
    for request in [with(post(READ), &message), chunked()] {
        let found = fault(&short, request).await;
        assert_eq!(found, Some((413, MessageFault::TooLong)));
    }
    let announced = post(READ).body(Body::new(Announced)).unwrap();
    let found = fault(&short, announced).await;
    assert_eq!(found, Some((413, MessageFault::TooLong)));
    let broken = iter([Ok("{"), Err("it broke off")]);
    let broken = post(READ).body(Body::from_stream(broken)).unwrap();
    let found = fault(&enough, broken).await;
    assert_eq!(found, Some((400, MessageFault::Unreadable)));
    assert_eq!(short.ran.take(), [""; 0]);
}

/// Says that it is long, and must not be read.
struct Announced;

impl http_body::Body for Announced {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        panic!("read, though it is too long")
    }

    fn size_hint(&self) -> SizeHint {
        SizeHint::with_exact(1 << 30)
    }
}
