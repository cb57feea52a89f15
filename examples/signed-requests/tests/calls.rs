//! Runs the program and calls it over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::process::Command;
use std::time::{SystemTime, UNIX_EPOCH};

use auth_tests::program::Program;
use auth_tests::raw::{Answer, exchange};
use signed_requests::sign;

const KEY: &[u8] = b"a key that both sides know";

fn now() -> u64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .unwrap()
        .as_secs()
}

#[tokio::test]
async fn only_what_was_signed_is_answered() {
    let mut command = Command::new(env!("CARGO_BIN_EXE_signed-requests"));
    let program = Program::start(command.env("PORT", "0"));
    let get = async |path: &str, authorization: Option<String>| -> Answer {
        let field =
            authorization.map_or(String::new(), |value| format!("Authorization: {value}\r\n"));
        let request = format!("GET {path} HTTP/1.1\r\nHost: api.example.com\r\n{field}\r\n");
        exchange(program.address, request).await.unwrap()
    };

    let missing = get("/orders", None).await;
    assert_eq!(missing.status(), 401);
    assert_eq!(
        missing.field("www-authenticate"),
        [r#"Signed realm="Partners", hash="hmac-sha-256", window=300"#]
    );
    let signed = |path: &str| Some(sign("acme", KEY, now(), "GET", path));
    assert_eq!(
        get("/orders", signed("/orders")).await.body,
        "the orders of acme\n"
    );
    assert_eq!(
        get("/orders?page=2", signed("/orders?page=2"))
            .await
            .status(),
        200
    );

    // Signed for another target, method, time or by another key.
    assert_eq!(get("/orders?page=2", signed("/orders")).await.status(), 401);
    for wrong in [
        sign("acme", KEY, now(), "POST", "/orders"),
        sign("acme", KEY, now() - 400, "GET", "/orders"),
        sign("acme", b"another key", now(), "GET", "/orders"),
        sign("nobody", KEY, now(), "GET", "/orders"),
        "Signed".to_owned(),
        "Signed acme.1.".to_owned(),
        "Signed acme..x".to_owned(),
        sign("acme", KEY, now(), "GET", "/orders").replacen("acme.", "acme.+", 1),
        sign("acme", KEY, now(), "GET", "/orders").replacen("acme.", "acme.0", 1),
    ] {
        assert_eq!(
            get("/orders", Some(wrong.clone())).await.status(),
            401,
            "{wrong}"
        );
    }

    assert_eq!(
        get("/pages/acme", signed("/pages/acme")).await.status(),
        200
    );
    assert_eq!(
        get("/pages/other", signed("/pages/other")).await.status(),
        403
    );
    assert_eq!(get("/health", None).await.status(), 200);
    assert!(
        program.printed.contains("/pages/{name}"),
        "{}",
        program.printed
    );
}

/// What the documentation promises.
#[test]
fn the_scheme_is_short() {
    let source = include_str!("../src/lib.rs");
    let code = source
        .lines()
        .filter(|line| !line.trim_start().starts_with("//") && !line.trim().is_empty());
    assert!(code.count() <= 80);
}
