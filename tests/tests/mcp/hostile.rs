//! Messages that are written to be judged as one call and run as another.

use proptest::prelude::*;
use serde_json::json;

use crate::server::{Api, Builder_, READ, Server, WRITE, post, usual, with};

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
        Server::stateless(|layer: Builder_| usual(layer).other_tools::<Api>()),
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

/// Pieces of envelopes, good and bad, put together at random.
fn envelopes() -> impl Strategy<Value = String> {
    let name = prop::sample::select(vec!["name", "Name", r"n\u0061me", "title", "_meta"]);
    let tool = prop::sample::select(vec![
        json!("delete_order"),
        json!("list_orders"),
        json!("Delete_order"),
        json!(null),
        json!({"name": "delete_order"}),
        json!(["delete_order"]),
    ]);
    let entry = (name, tool).prop_map(|(name, tool)| format!(r#""{name}":{tool}"#));
    let object = prop::collection::vec(entry, 0..4).prop_map(|it| format!("{{{}}}", it.join(",")));
    let params = prop_oneof![
        6 => object,
        1 => Just("null".to_owned()),
        1 => Just(r#"["delete_order"]"#.to_owned()),
        4 => Just(r#"{"name":"delete_order","arguments":{}}"#.to_owned()),
    ];
    let key = prop::sample::select(vec!["params", "Params", r"p\u0061rams", "param"]);
    let params = (key, params).prop_map(|(key, it)| format!(r#""{key}":{it}"#));
    let rest = prop::sample::select(vec![
        r#""method":"tools/call""#,
        r#""method":"tools/call""#,
        r#""method":"tools\/call""#,
        r#""Method":"tools/call""#,
        r#""method":"tools/list""#,
        r#""m\u0065thod":"tools/call""#,
        r#""id":1"#,
        r#""id":2"#,
        r#""jsonrpc":"2.0""#,
        r#""jsonrpc":"2.0""#,
        r#""result":{}"#,
        r#""error":{"code":1,"message":""}"#,
    ]);
    let member = prop_oneof![2 => params, 3 => rest.prop_map(str::to_owned)];
    let members = prop::collection::vec(member, 0..6);
    // Often enough it is whole.
    (members, any::<u8>()).prop_map(|(mut members, with)| {
        for (bit, whole) in [
            (1, r#""jsonrpc":"2.0""#),
            (2, r#""id":1"#),
            (4, r#""method":"tools/call""#),
        ] {
            if with & bit != 0 && !members.iter().any(|member| member == whole) {
                members.insert(usize::from(with) % (members.len() + 1), whole.to_owned());
            }
        }
        format!("{{{}}}", members.join(","))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn what_runs_is_what_was_judged(message in envelopes()) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let server = Server::stateless(|layer| usual(layer).other_tools::<Api>());
            server.call(with(post(READ), &message)).await;
            let ran = server.ran.take();
            prop_assert!(!ran.contains(&"delete_order ada".to_owned()), "{}", message);
            Ok(())
        })?;
    }
}
