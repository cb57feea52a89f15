//! Runs the program and calls it over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::io::{BufRead as _, BufReader, Read as _};
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use auth_tests::program::Program;
use auth_tests::raw::{Answer, Connection, exchange};

/// The quickstart, on a free port. What it prints are `curl` lines, each below a comment that says what it
/// is answered.
struct Quickstart(Program);

fn command(port: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickstart"));
    command
        .env("PORT", port)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    command
}

impl Quickstart {
    fn start() -> Self {
        Self(Program::start(&mut command("0")))
    }

    async fn get(&self, path: &str, fields: &str) -> Answer {
        let head = format!("GET {path} HTTP/1.1\r\nHost: api.example.com\r\n{fields}\r\n");
        exchange(self.0.address, head).await.unwrap()
    }

    /// The answer to the call with this comment.
    async fn printed_call(&self, title: &str) -> Answer {
        let calls = self.0.calls();
        let (_, path, fields) = calls.iter().find(|call| call.0.starts_with(title)).unwrap();
        self.get(path, fields).await
    }

    /// Asks it to stop, and waits for that. Gives what it wrote to standard error.
    #[cfg(unix)]
    fn stop(mut self, signal: &str) -> String {
        let child = &mut self.0.running.0;
        let pid = child.id().to_string();
        let sent = Command::new("kill").args([signal, &pid]).status().unwrap();
        assert!(sent.success());
        assert!(child.wait().unwrap().success());
        let mut log = String::new();
        let mut stderr = child.stderr.take().unwrap();
        stderr.read_to_string(&mut log).unwrap();
        log
    }
}

/// Fails to start, with these words and without a panic.
fn refuses_to_start(port: &str, words: &str) {
    let mut child = command(port).spawn().unwrap();
    for line in BufReader::new(child.stdout.take().unwrap()).lines() {
        if line.unwrap().starts_with("listening on") {
            child.kill().unwrap();
        }
    }
    let Output { status, stderr, .. } = child.wait_with_output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    assert!(stderr.contains(words), "{stderr}");
}

#[tokio::test]
async fn every_printed_call_is_answered_as_it_says() {
    Quickstart::start().0.answers_as_it_says().await;
}

/// Checks an answer: its status line, challenges and body, octet by octet.
fn refused(answer: &Answer, challenges: &[&str], body: &str) {
    assert!(
        answer.head.starts_with("HTTP/1.1 401 Unauthorized\r\n"),
        "{answer:?}"
    );
    assert_eq!(answer.field("www-authenticate"), challenges);
    assert_eq!(answer.field("content-type"), ["application/json"]);
    assert_eq!(answer.field("cache-control"), ["no-store"]);
    assert_eq!(answer.body, body);
}

/// What the two articles about status 401 promise, as E-1 to E-9 correct it.
#[tokio::test]
async fn the_exchanges_of_the_seed_documents_e1_to_e9() {
    let program = Quickstart::start();
    let missing =
        r#"{"error": "authentication_required", "message": "Authorization header missing"}"#;

    // Missing token; the error code is one that this API promises (E-3).
    refused(
        &program.get("/api/users/me", "").await,
        &[r#"Bearer realm="API", error="missing_token""#],
        missing,
    );
    // Expired token.
    refused(
        &program.printed_call("an expired token").await,
        &[
            r#"Bearer realm="API", scope="orders:read", error="invalid_token", error_description="Token expired""#,
        ],
        r#"{"error": "token_expired", "message": "JWT expired at 2025-10-01T10:00:00Z"}"#,
    );
    let calls = program.0.calls();
    let (_, _, expired) = calls
        .iter()
        .find(|call| call.1 == "/api/protected")
        .unwrap();
    refused(
        &program.get("/api/protected", expired).await,
        &[r#"Bearer realm="API", error="invalid_token", error_description="Token expired""#],
        r#"{"error": "token_expired", "message": "JWT expired at 2025-10-01T10:00:00Z"}"#,
    );
    // Invalid key; a field's name as the scheme, since this API promises it (E-7).
    refused(
        &program
            .get("/api/data", "X-API-Key: invalid_key_123\r\n")
            .await,
        &[r#"X-API-Key realm="API""#],
        r#"{"error": "invalid_credentials", "message": "API key not found or revoked"}"#,
    );
    // Basic without the semicolon (E-1).
    refused(
        &program.get("/admin", "").await,
        &[r#"Basic realm="Secured area", charset="UTF-8""#],
        missing,
    );
    // Bearer is followed by a parameter (E-4).
    refused(
        &program.get("/listed", "").await,
        &[r#"Bearer realm="API""#],
        missing,
    );
    // Two challenges on two lines, in declared order (E-1, E-4, E-5).
    refused(
        &program.get("/either", "").await,
        &[
            r#"Bearer realm="API""#,
            r#"Basic realm="Dev zone", charset="UTF-8""#,
        ],
        missing,
    );
    // The password of the article ends with a line feed (E-6).
    let article = "Authorization: Basic d2VsbCBkb25lOnlvdSBmb3VuZCB0aGUgZWFzdGVyIGVnZwo=\r\n";
    refused(
        &program.get("/admin", article).await,
        &[r#"Basic realm="Secured area", charset="UTF-8""#],
        r#"{"error": "invalid_credentials", "message": "Credentials are not well formed"}"#,
    );
    // Expired and not allowed are kept apart (E-9).
    let answer = program.printed_call("a token without the scope").await;
    assert_eq!(answer.status(), 403);
    assert_eq!(
        answer.field("www-authenticate"),
        [r#"Bearer realm="API", scope="orders:read", error="insufficient_scope""#]
    );
}

#[tokio::test]
async fn the_readme_shows_the_real_answer() {
    let program = Quickstart::start();
    let answer = program.get("/orders", "").await;
    let readme = include_str!("../../../README.md");
    for line in answer.head.split("\r\n").chain([answer.body.as_str()]) {
        let varies = line.starts_with("date: ") || line.starts_with("content-length: ");
        assert!(varies || readme.contains(&format!("\n{line}\n")), "{line}");
    }
}

/// T-17: a decision for every call, and no credentials.
#[cfg(unix)]
#[tokio::test]
async fn it_logs_decisions_and_stops_when_told() {
    for signal in ["-INT", "-TERM"] {
        let program = Quickstart::start();
        // A connection that is kept open does not keep it from stopping.
        let mut open = Connection::open(program.0.address).await;
        open.send("GET /health HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .await;
        assert_eq!(open.answer(false).await.unwrap().status(), 200);
        let calls: Vec<_> = program
            .0
            .calls()
            .into_iter()
            .map(|(_, path, fields)| (path.to_owned(), fields))
            .collect();
        for (path, fields) in &calls {
            program.get(path, fields).await;
        }
        let log = program.stop(signal);
        assert!(
            log.contains(r#"refused policy="quickstart::handlers::orders""#),
            "{log}"
        );
        assert!(
            log.contains(r#"admitted policy="quickstart::handlers::admin""#),
            "{log}"
        );
        assert!(log.ends_with("stopped\n"), "{log}");
        for (_, fields) in &calls {
            for value in fields.lines().filter_map(|line| line.rsplit(' ').next()) {
                assert!(value == "words" || !log.contains(value), "{log}");
            }
        }
        assert!(!log.contains("open sesame"), "{log}");
    }
}

#[test]
fn a_taken_port_is_told() {
    let taken = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    refuses_to_start(
        &port,
        &format!("cannot listen on 127.0.0.1:{port}: Address already in use"),
    );
}

#[test]
fn a_port_that_is_none_is_told() {
    for port in ["http", "", "70000", "-1", "80 80"] {
        refuses_to_start(
            port,
            &format!("PORT is {port:?}: set it to a number from 0 to 65535"),
        );
    }
}
