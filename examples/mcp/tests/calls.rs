//! Runs the program beside a provider that lives in this process, and calls it over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Command, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use auth_tests::program::Program;
use auth_tests::provider::{Provider, Signer, claims};
use serde_json::{Value, json};

// The provider answers while a test waits for the program to start: hence the threads.

fn start(issuer: &str) -> Program {
    let mut command = Command::new(env!("CARGO_BIN_EXE_mcp-example"));
    Program::start(
        command
            .env("PORT", "0")
            .env("ISSUER", issuer)
            .stderr(Stdio::piped()),
    )
}

/// What comes back until the program closes the connection.
fn exchange(program: &Program, request: &str) -> String {
    let mut stream = TcpStream::connect(program.address).unwrap();
    stream.write_all(request.as_bytes()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    answer
}

fn call(program: &Program, tool: &str, token: Option<&str>) -> String {
    let message = json!({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {
        "name": tool,
        "arguments": {"id": 7},
        "_meta": {
            "io.modelcontextprotocol/protocolVersion": "2026-07-28",
            "io.modelcontextprotocol/clientCapabilities": {},
        },
    }});
    let message = message.to_string();
    let token = token.map_or_else(String::new, |it| format!("Authorization: Bearer {it}\r\n"));
    let request = format!(
        "POST /mcp HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{token}\
         Content-Type: application/json\r\nAccept: application/json, text/event-stream\r\n\
         MCP-Protocol-Version: 2026-07-28\r\nMcp-Method: tools/call\r\nMcp-Name: {tool}\r\n\
         Content-Length: {}\r\n\r\n{message}",
        message.len()
    );
    exchange(program, &request)
}

/// A token that is good for an hour.
fn token(signer: &Signer, issuer: &str, audience: &str, scope: &str) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut claims = claims(issuer);
    claims["aud"] = json!(audience);
    claims["iat"] = json!(now.as_secs());
    claims["exp"] = json!(now.as_secs() + 3600);
    claims["scope"] = json!(scope);
    signer.sign(&signer.header(), &claims)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_printed_calls_are_answered_as_they_say_c1_c2_c3_c5_c7_c9() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let program = start(&provider.issuer());
    let origin = format!("http://{}", program.address);
    let server = format!("{origin}/mcp");
    assert!(program.printed.contains(&format!("MCP='{server}'")));
    let token = |audience: &str, scope: &str| token(&signer, &provider.issuer(), audience, scope);
    let metadata = format!("{origin}/.well-known/oauth-protected-resource/mcp");

    let answer = call(&program, "list_orders", None);
    assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
    let challenge =
        format!(r#"Bearer realm="Orders", scope="orders:read", resource_metadata="{metadata}""#);
    assert!(answer.contains(&challenge), "{answer}");

    let path = metadata.strip_prefix(&origin).unwrap();
    let get = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
    let answer = exchange(&program, &get);
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    let document: Value = serde_json::from_str(answer.split_once("\r\n\r\n").unwrap().1).unwrap();
    assert_eq!(document["resource"], server);
    assert_eq!(
        document["authorization_servers"],
        json!([provider.issuer()])
    );

    let read = token(&server, "orders:read");
    let answer = call(&program, "list_orders", Some(&read));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("the orders of ada"), "{answer}");

    let answer = call(&program, "delete_order", Some(&read));
    assert!(answer.starts_with("HTTP/1.1 403 "), "{answer}");
    let challenge = format!(
        r#"Bearer realm="Orders", scope="orders:read orders:write", error="insufficient_scope", resource_metadata="{metadata}""#
    );
    assert!(answer.contains(&challenge), "{answer}");

    let write = token(&server, "orders:read orders:write");
    let answer = call(&program, "delete_order", Some(&write));
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");
    assert!(answer.contains("ada deleted order 7"), "{answer}");

    // A token for somebody else.
    let other = token("https://orders.example.com", "orders:read orders:write");
    for tool in ["list_orders", "delete_order"] {
        let answer = call(&program, tool, Some(&other));
        assert!(answer.starts_with("HTTP/1.1 401 "), "{answer}");
        assert!(answer.contains(r#"error="invalid_token""#), "{answer}");
    }
}
