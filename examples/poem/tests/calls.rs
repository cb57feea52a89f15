//! Runs the program and calls it over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;

use auth_tests::program::Program;
use auth_tests::raw::exchange;

fn start() -> Program {
    Program::start(Command::new(env!("CARGO_BIN_EXE_poem-example")).env("PORT", "0"))
}

#[tokio::test]
async fn every_printed_call_is_answered_as_it_says() {
    start().answers_as_it_says().await;
}

#[tokio::test]
async fn the_answers_are_those_of_the_quickstart() {
    let program = start();
    let missing =
        r#"{"error": "authentication_required", "message": "Authorization header missing"}"#;
    for (title, body) in [
        ("nothing presented: 401 and the challenge", missing),
        (
            "a good password: 200",
            "hello ada, this is the secured area\n",
        ),
        ("both at once: 200", "ada for Example Ltd\n"),
        ("a condition that holds: 200", "ada sees the page of ada\n"),
        ("a good key: 200", r#"{"owner":"Example Ltd","rows":3}"#),
        ("public: 200", "ok\n"),
    ] {
        let calls = program.calls();
        let (_, path, fields) = calls.iter().find(|call| call.0 == title).unwrap();
        let head = format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
        let answer = exchange(program.address, head).await.unwrap();
        assert_eq!(answer.body, body, "{title}");
    }
    assert!(
        program.printed.starts_with(
            "GET /orders poem_example::handlers::orders requires Bearer (orders:read)\n"
        ),
        "{}",
        program.printed
    );
}
