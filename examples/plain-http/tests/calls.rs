//! Runs the program and calls it over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use auth_tests::program::Program;
use auth_tests::raw::{Connection, exchange};

fn start() -> Program {
    Program::start(Command::new(env!("CARGO_BIN_EXE_plain-http")).env("PORT", "0"))
}

/// `X-API-Key: …`, from the line that it printed.
fn key(program: &Program) -> &str {
    let mut quoted = program.printed.split('\'');
    quoted.find(|word| word.starts_with("X-API-Key: ")).unwrap()
}

const REFUSED: &str =
    r#"{"error": "invalid_credentials", "message": "API key not found or revoked"}"#;
const MISSING: &str =
    r#"{"error": "authentication_required", "message": "X-API-Key header missing"}"#;

#[tokio::test]
async fn it_admits_the_key_and_refuses_everything_else_a2_e7() {
    let program = start();
    let challenge = [r#"ApiKey realm="API", in="header", name="X-API-Key""#];
    let get = async |path: &str, field: &str| {
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{field}\r\n");
        exchange(program.address, head).await.unwrap()
    };

    let answer = get("/data", &format!("{}\r\n", key(&program))).await;
    assert_eq!(
        (answer.status(), answer.body.as_str()),
        (200, "hello Example Ltd\n")
    );

    for (field, body) in [("", MISSING), ("X-API-Key: invalid_key_123\r\n", REFUSED)] {
        let answer = get("/data", field).await;
        assert_eq!(answer.status(), 401);
        assert_eq!(answer.field("www-authenticate"), challenge);
        assert_eq!(answer.body, body);
    }

    assert_eq!(get("/health", "").await.status(), 200);
    assert_eq!(get("/elsewhere", "").await.status(), 404);
    // A 200 would be a tunnel (RFC 9110 §9.3.6).
    let connect = "CONNECT /health HTTP/1.1\r\nHost: localhost\r\n\r\n";
    let answer = exchange(program.address, connect).await.unwrap();
    assert_eq!(answer.status(), 405);
    assert_eq!(answer.field("allow"), ["GET, HEAD"]);
}

/// H-18: the refused request's body is unread, and the connection goes on.
#[tokio::test]
async fn the_connection_answers_the_next_request_h18() {
    let program = start();
    let mut connection = Connection::open(program.address).await;
    connection
        .send("POST /data HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello")
        .await;
    assert_eq!(connection.answer(false).await.unwrap().status(), 401);
    let key = &key(&program);
    connection
        .send(format!(
            "GET /data HTTP/1.1\r\nHost: localhost\r\n{key}\r\n\r\n"
        ))
        .await;
    assert_eq!(connection.answer(false).await.unwrap().status(), 200);
}
