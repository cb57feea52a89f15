//! Messages that are written to be judged as one call and run as another.

use std::cell::Cell;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use crate::server::{Api, READ, Server, Unfinished, WRITE, post, usual, with};

/// Whoever may list orders cannot delete one, whatever is written, and however rmcp reads it.
#[tokio::test]
async fn no_spelling_of_a_call_runs_a_tool_that_was_not_judged() {
    let call = |method: &str, params: &str| {
        format!(r#"{{"jsonrpc":"2.0","id":1,"method":{method},"params":{params}}}"#)
    };
    let delete = r#"{"name":"delete_order","arguments":{}}"#;
    let list = r#"{"name":"list_orders","arguments":{}}"#;
    let messages = [
        call(r#""tools/call""#, delete),
        call(r#""tools\/call""#, delete),
        call(
            r#""tool\u0073/call""#,
            r#"{"na\u006de":"delete\u005forder"}"#,
        ),
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/list","method":"tools/call","params":{delete}}}"#
        ),
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{list},"params":{delete}}}"#
        ),
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{delete},"params":{list}}}"#
        ),
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"method":"tools/call","Params":{delete},"params":{list}}}"#
        ),
        call(
            r#""tools/call""#,
            r#"{"name":"list_orders","name":"delete_order"}"#,
        ),
        call(
            r#""tools/call""#,
            r#"{"name":"delete_order","name":"list_orders"}"#,
        ),
        call(
            r#""tools/call""#,
            r#"{"name":"list_orders","NAME":"delete_order"}"#,
        ),
        call(r#""tools/call""#, r#"["delete_order",{}]"#),
        call(r#""TOOLS/CALL""#, delete),
        call(r#"" tools/call""#, delete),
        call(r#"["tools/call"]"#, delete),
        format!("[{}]", call(r#""tools/call""#, delete)),
        format!(
            "[{},{}]",
            call(r#""tools/list""#, "{}"),
            call(r#""tools/call""#, delete)
        ),
        format!(
            "{}\n{}",
            call(r#""tools/call""#, list),
            call(r#""tools/call""#, delete)
        ),
        format!(
            "{}{}",
            call(r#""tools/call""#, list),
            call(r#""tools/call""#, delete)
        ),
        format!("\u{feff}{}", call(r#""tools/call""#, delete)),
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"result":{{}},"method":"tools/call","params":{delete}}}"#
        ),
        format!(r#"{{"jsonrpc":"2.0","method":"tools/call","params":{delete}}}"#),
        format!(r#"{{"params":{delete},"id":null,"method":"tools/call","jsonrpc":"2.0"}}"#),
        format!(
            r#"{{"jsonrpc":"2.0","id":1,"request":{{"method":"tools/call","params":{delete}}}}}"#
        ),
        call(
            r#""tools/call""#,
            r#"{"$serde_json::private::RawValue":"{\"name\":\"delete_order\"}"}"#,
        ),
        call(
            r#"{"$serde_json::private::RawValue":"\"tools/call\""}"#,
            delete,
        ),
    ];
    for server in [
        Server::stateless(usual),
        // The policy for others is no way around that of the tool.
        Server::stateless(|layer: Unfinished| usual(layer).other_tools::<Api>()),
    ] {
        for message in &messages {
            let (status, body) = server.call(with(post(READ), message)).await;
            assert!(
                [400, 403].contains(&status),
                "{status} {body} for {message}"
            );
            assert_eq!(server.ran.take(), [""; 0], "{message}");
        }
    }
    let utf16: Vec<u8> = messages[0]
        .encode_utf16()
        .flat_map(u16::to_le_bytes)
        .collect();
    let server = Server::stateless(usual);
    let request = post(WRITE).body(utf16.into()).unwrap();
    assert_eq!(server.call(request).await.0, 400);
}

/// Envelopes that are mostly whole, with pieces beside them that may make them mean something else.
fn envelopes() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["name", "name", r"n\u0061me", "Name", "title"]);
    let tool = prop::sample::select(vec![
        r#""delete_order""#,
        r#""list_orders""#,
        r#""delete\u005forder""#,
        r#""Delete_order""#,
        r#"["delete_order"]"#,
    ]);
    let entry = (name, tool).prop_map(|(name, tool)| format!(r#""{name}":{tool}"#));
    let object = prop::collection::vec(entry, 1..3).prop_map(|it| format!("{{{}}}", it.join(",")));
    let key = prop::sample::select(vec!["params", "params", r"p\u0061rams", "Params"]);
    let params = (key, object).prop_map(|(key, it)| format!(r#""{key}":{it}"#));
    let method = prop::sample::select(vec![
        r#""method":"tools/call""#,
        r#""method":"tools/call""#,
        r#""m\u0065thod":"tools\/call""#,
        r#""Method":"tools/call""#,
        r#""method":"tools/list""#,
    ]);
    let more = prop::sample::select(vec![
        r#""method":"tools/call""#,
        r#""params":{"name":"delete_order"}"#,
        r#""params":{"name":"list_orders"}"#,
        r#""PARAMS":{"name":"delete_order"}"#,
        r#""id":2"#,
        r#""result":{}"#,
        r#""other":{"method":"tools/call"}"#,
    ]);
    let more = prop::collection::vec(more, 0..2);
    (method, params, more).prop_flat_map(|(method, params, more)| {
        let mut members = vec![
            r#""jsonrpc":"2.0""#.to_owned(),
            r#""id":1"#.to_owned(),
            method.to_owned(),
            params,
        ];
        members.extend(more.into_iter().map(str::to_owned));
        let shuffled = Just(members).prop_shuffle();
        shuffled.prop_map(|members| format!("{{{}}}", members.join(",")))
    })
}

#[test]
fn what_runs_is_what_was_judged() {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().build().unwrap();
    let server = Server::stateless(|layer| usual(layer).other_tools::<Api>());
    let (listed, deleted) = (Cell::new(0), Cell::new(0));
    let config = Config {
        cases: 2000,
        failure_persistence: None,
        ..Config::default()
    };
    let checked = TestRunner::new(config).run(&envelopes(), |message| {
        let run = |token| {
            runtime.block_on(server.call(with(post(token), &message)));
            server.ran.take()
        };
        let ran = run(READ);
        prop_assert!(ran.is_empty() || ran == ["list_orders ada"], "{ran:?}");
        listed.set(listed.get() + ran.len());
        let ran = run(WRITE);
        deleted.set(deleted.get() + usize::from(ran == ["delete_order ada"]));
        Ok(())
    });
    checked.unwrap();
    // They were not all refused.
    assert!(listed.get() > 10, "{}", listed.get());
    assert!(deleted.get() > 10, "{}", deleted.get());
}
