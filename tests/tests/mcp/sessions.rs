//! Sessions of the revisions before 2026-07-28.

use auth_core::Secret;
use auth_core::mcp::MessageFault;
use axum::body::Body;
use http::Request;
use http::request::Builder;
use http_body_util::BodyExt as _;

use crate::server::{READ, Server, Unfinished, WRITE, call, post, usual, with};

pub(crate) const EVE: &str = "eve.read.write";
pub(crate) const INITIALIZE: &str = r#"{"jsonrpc":"2.0","id":0,"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"t","version":"0"}}}"#;
const INITIALIZED: &str = r#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#;

pub(crate) fn bound(layer: Unfinished) -> Unfinished {
    usual(layer).bind_sessions(|user| user.identity().clone())
}

pub(crate) fn within(session: &str, builder: Builder) -> Builder {
    builder
        .header("mcp-session-id", session)
        .header("mcp-protocol-version", "2025-11-25")
}

/// Opens a session of Ada's.
pub(crate) async fn open(server: &Server) -> String {
    let answer = server.answer(with(post(READ), INITIALIZE)).await;
    assert_eq!(answer.status(), 200);
    let session = answer.headers()["mcp-session-id"]
        .to_str()
        .unwrap()
        .to_owned();
    drop(answer.into_body().collect().await.unwrap());
    let initialized = with(within(&session, post(READ)), INITIALIZED);
    assert_eq!(server.call(initialized).await.0, 202);
    session
}

#[tokio::test]
async fn every_request_of_a_session_is_judged_by_itself() {
    let server = Server::new(usual);
    let session = open(&server).await;
    for (token, tool, status) in [
        (READ, "list_orders", 200),
        (READ, "delete_order", 403),
        (WRITE, "delete_order", 200),
        ("wrong", "list_orders", 401),
        ("ada.profile", "list_orders", 403),
    ] {
        let request = with(within(&session, post(token)), call(tool));
        assert_eq!(server.call(request).await.0, status, "{token} {tool}");
    }
    assert_eq!(server.ran.take(), ["list_orders ada", "delete_order ada"]);
    for method in ["GET", "DELETE"] {
        let mut request = with(within(&session, post("")).method(method), "");
        request.headers_mut().remove("authorization");
        assert_eq!(server.answer(request).await.status(), 401);
    }
    // Tools see who calls, which is not who opened the session.
    let request = with(within(&session, post(EVE)), call("list_orders"));
    assert_eq!(server.call(request).await.0, 200);
    assert_eq!(server.ran.take(), ["list_orders eve"]);
}

// MCP, Security best practices, Session hijacking: a session is bound to its user.
#[tokio::test]
async fn a_bound_session_is_unknown_to_everybody_else() {
    let server = Server::new(bound);
    let session = open(&server).await;
    let (id, _) = session.rsplit_once('.').unwrap();
    let requests = |token: &str, session: &str| -> Vec<Request<Body>> {
        let post = || within(session, post(token));
        vec![
            with(post(), call("list_orders")),
            with(post(), r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#),
            with(post(), r#"{"jsonrpc":"2.0","id":1,"result":{}}"#),
            with(post().method("GET"), ""),
            with(post().method("GET").header("last-event-id", "0"), ""),
            with(post().method("DELETE"), ""),
        ]
    };
    for (token, session) in [
        (EVE, &*session),
        (READ, id),
        (EVE, id),
        (EVE, "a.b"),
        (READ, ""),
    ] {
        for request in requests(token, session) {
            let answer = server.answer(request).await;
            assert_eq!(answer.status(), 404, "{token} {session}");
            let fault = answer.extensions().get::<MessageFault>();
            assert_eq!(fault, Some(&MessageFault::ForeignSession));
        }
    }
    assert_eq!(server.ran.take(), [""; 0]);

    // Another token of hers is hers.
    let request = with(within(&session, post(WRITE)), call("delete_order"));
    assert_eq!(server.call(request).await.0, 200);
    assert_eq!(server.ran.take(), ["delete_order ada"]);
    let stream = with(within(&session, post(READ)).method("GET"), "");
    assert_eq!(server.answer(stream).await.status(), 200);
    let end = || with(within(&session, post(READ)).method("DELETE"), "");
    assert_eq!(server.answer(end()).await.status(), 202);
    let answer = server
        .answer(with(within(&session, post(READ)), call("list_orders")))
        .await;
    assert_eq!(answer.status(), 404);
    assert_eq!(
        answer.extensions().get::<MessageFault>(),
        None,
        "rmcp says so"
    );
}

#[tokio::test]
async fn processes_with_the_same_key_agree() {
    let keyed = |octet: u8| {
        let bound = move |layer: Unfinished| {
            let key = Secret::new(vec![octet; 32]);
            usual(layer).bind_sessions_with(key, |user| user.identity().clone())
        };
        Server::new(bound)
    };
    let session = open(&keyed(1)).await;
    let request = || with(within(&session, post(READ)), call("list_orders"));
    // The other one does not have the session, and knows whose it is.
    for (octet, ours) in [(1, true), (2, false)] {
        let answer = keyed(octet).answer(request()).await;
        assert_eq!(answer.status(), 404);
        assert_eq!(answer.extensions().get::<MessageFault>().is_none(), ours);
    }
}
