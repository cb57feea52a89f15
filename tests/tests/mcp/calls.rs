//! Who may call what.

use auth_core::Cause;
use auth_tests::request::Probe;
use axum::body::Body;
use http::Request;

use crate::server::{
    Api, READ, Server, Unfinished, WRITE, WriteOrders, call, call_2026, post, post_2026, usual,
    with,
};

const METADATA: &str =
    r#"resource_metadata="https://api.example/.well-known/oauth-protected-resource/mcp""#;

fn challenge<B>(answer: &http::Response<B>) -> &str {
    let mut lines = answer.headers().get_all("www-authenticate").iter();
    let line = lines.next().unwrap().to_str().unwrap();
    assert!(lines.next().is_none());
    line
}

// C-2, C-3, C-4, V13, V25
#[tokio::test]
async fn c2_c3_whoever_presents_nothing_is_told_what_is_needed_and_where_to_get_it() {
    let server = Server::new(usual);
    for method in ["POST", "GET", "DELETE", "PUT", "OPTIONS"] {
        let (body, polled) = Probe::new("{");
        let request = Request::builder().method(method).uri("/mcp");
        let request = request.body(Body::new(body)).unwrap();
        let answer = server.answer(request).await;
        assert_eq!(answer.status(), 401, "{method}");
        assert_eq!(
            challenge(&answer),
            format!(r#"Bearer realm="Orders", scope="orders:read", {METADATA}"#)
        );
        assert!(!polled.get(), "{method}: nothing of the content was read");
    }
    assert_eq!(server.ran.take(), [""; 0]);
}

// C-4, C-8
#[tokio::test]
async fn c4_c8_bad_tokens_are_401_and_those_in_the_query_are_not_seen() {
    let server = Server::new(usual);
    let (body, polled) = Probe::new("{");
    let answer = server
        .answer(post("wrong").body(Body::new(body)).unwrap())
        .await;
    assert_eq!(answer.status(), 401);
    assert!(challenge(&answer).contains(r#"error="invalid_token""#));
    assert!(!polled.get());

    let request = Request::post(format!("/mcp?access_token={WRITE}"));
    let answer = server.answer(with(request, call("list_orders"))).await;
    assert_eq!(answer.status(), 401);
}

// C-5
#[tokio::test]
async fn c5_a_call_without_the_scope_of_its_tool_is_told_all_that_it_needs_at_once() {
    let server = Server::stateless(usual);
    let (body, polled) = Probe::new("");
    for request in [
        with(post(READ), call("delete_order")),
        with(post_2026(READ, "delete_order"), call_2026("delete_order")),
        // What the head says is enough for a refusal, whatever follows.
        post_2026(READ, "delete_order")
            .body(Body::new(body))
            .unwrap(),
    ] {
        let answer = server.answer(request).await;
        assert_eq!(answer.status(), 403);
        assert_eq!(
            challenge(&answer),
            format!(
                r#"Bearer realm="Orders", scope="orders:read orders:write", error="insufficient_scope", {METADATA}"#
            )
        );
        assert_eq!(
            answer.extensions().get::<Cause>(),
            Some(&Cause::InsufficientScope)
        );
    }
    assert!(!polled.get(), "refused before the content was read");
    // Nobody, and what the tool needs.
    let mut request = with(post_2026("", "delete_order"), "");
    request.headers_mut().remove("authorization");
    let answer = server.answer(request).await;
    assert_eq!(answer.status(), 401);
    assert_eq!(
        challenge(&answer),
        format!(r#"Bearer realm="Orders", scope="orders:read orders:write", {METADATA}"#)
    );
    assert_eq!(server.ran.take(), [""; 0]);
}

// C-6
#[tokio::test]
async fn c6_a_scope_that_implies_the_others_is_enough() {
    let server = Server::stateless(usual);
    let request = with(post("ada.admin"), call("delete_order"));
    let (status, body) = server.call(request).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(server.ran.take(), ["delete_order ada"]);
}

#[tokio::test]
async fn tools_run_for_whom_their_policies_admit_and_see_who_calls() {
    let server = Server::stateless(usual);
    for (token, tool) in [
        (READ, "list_orders"),
        (WRITE, "list_orders"),
        (WRITE, "delete_order"),
    ] {
        for request in [
            with(post(token), call(tool)),
            with(post_2026(token, tool), call_2026(tool)),
        ] {
            let (status, body) = server.call(request).await;
            assert_eq!(status, 200, "{body}");
            assert!(body.contains(&format!("{tool} ada")), "{body}");
            assert_eq!(server.ran.take(), [format!("{tool} ada")]);
        }
    }
}

#[tokio::test]
async fn a_tool_without_a_policy_is_open_to_nobody_unless_that_was_said() {
    let server = Server::stateless(usual);
    for tool in [
        "forgotten",
        "Delete_order",
        "delete_order ",
        "",
        "no_such_tool",
    ] {
        let answer = server.answer(with(post(WRITE), call(tool))).await;
        assert_eq!(answer.status(), 403, "{tool}");
        assert!(answer.headers().get("www-authenticate").is_none());
        assert_eq!(answer.extensions().get::<Cause>(), Some(&Cause::Forbidden));
        let answer = server.answer(with(post("wrong"), call(tool))).await;
        assert_eq!(answer.status(), 401, "{tool}");
    }
    assert_eq!(server.ran.take(), [""; 0]);

    let server = Server::stateless(|layer| usual(layer).other_tools::<Api>());
    for (tool, ran) in [("forgotten", 1), ("Delete_order", 0), ("no_such_tool", 0)] {
        let (status, body) = server.call(with(post(READ), call(tool))).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(server.ran.take().len(), ran, "{tool}");
    }
    let answer = server.answer(with(post(READ), call("delete_order"))).await;
    assert_eq!(answer.status(), 403);

    let server = Server::stateless(Unfinished::other_tools::<WriteOrders>);
    for request in [
        with(post(READ), call("list_orders")),
        with(post_2026(READ, "list_orders"), ""),
    ] {
        assert_eq!(server.answer(request).await.status(), 403);
    }
    let (status, body) = server.call(with(post(WRITE), call("list_orders"))).await;
    assert_eq!(status, 200, "{body}");
}

// What the documentation says of verifiers.
#[tokio::test]
async fn the_verifier_is_asked_twice_only_where_the_tool_is_named_in_the_message_alone() {
    let server = Server::stateless(usual);
    let list = r#"{"jsonrpc":"2.0","id":1,"method":"tools/list"}"#;
    for (request, times) in [
        (with(post(WRITE), call("delete_order")), 2),
        (with(post(WRITE), call("list_orders")), 1),
        (with(post(WRITE), list), 1),
        (
            with(post_2026(WRITE, "delete_order"), call_2026("delete_order")),
            1,
        ),
        (
            with(post_2026(WRITE, "list_orders"), call_2026("list_orders")),
            1,
        ),
    ] {
        let (status, body) = server.call(request).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!(server.times_asked(), times);
    }
}
