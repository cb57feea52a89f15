//! The exchanges of the two documents that describe 401, over real connections: as they stand there
//! where they are right, and in the corrected form where they are not (E-1 to E-9). Requests have a
//! `Host` line added (H-19). Field names are compared without regard to case, values octet by octet.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use auth_tests::app::Pace;
use auth_tests::drivers;
use auth_tests::raw::{Answer, exchange};
use auth_tests::tokens;
use serde_json::json;

async fn answers(request: String) -> Vec<Answer> {
    let mut answers = Vec::new();
    for server in drivers::ALL {
        let address = server.at(Pace::AtOnce);
        answers.push(exchange(address, &request).await.unwrap());
    }
    answers
}

fn get(path: &str, fields: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: api.example.com\r\n{fields}\r\n")
}

async fn expect(request: String, challenges: &[&str], body: &str) {
    for answer in answers(request).await {
        assert!(
            answer.head.starts_with("HTTP/1.1 401 Unauthorized\r\n"),
            "{}",
            answer.head
        );
        assert_eq!(answer.field("WWW-Authenticate"), challenges);
        assert_eq!(answer.field("Content-Type"), ["application/json"]);
        assert_eq!(answer.body, body);
    }
}

const MISSING: &str =
    r#"{"error": "authentication_required", "message": "Authorization header missing"}"#;

#[tokio::test]
async fn missing_token_as_promised_e3() {
    expect(
        get("/promised", ""),
        &[r#"Bearer realm="API", error="missing_token""#],
        MISSING,
    )
    .await;
}

#[tokio::test]
async fn missing_token_as_rfc_6750_asks_e3_t11() {
    expect(get("/bearer", ""), &[r#"Bearer realm="API""#], MISSING).await;
}

#[tokio::test]
async fn expired_jwt_e9() {
    let token = tokens::of(&tokens::claims_but("exp", json!(tokens::PAST)));
    expect(
        get("/bearer", &format!("Authorization: Bearer {token}\r\n")),
        &[r#"Bearer realm="API", error="invalid_token", error_description="Token expired""#],
        r#"{"error": "token_expired", "message": "JWT expired at 2025-10-01T10:00:00Z"}"#,
    )
    .await;
}

#[tokio::test]
async fn invalid_api_key_e7() {
    expect(
        get("/named_key", "X-API-Key: invalid_key_123\r\n"),
        &[r#"X-API-Key realm="API""#],
        r#"{"error": "invalid_credentials", "message": "API key not found or revoked"}"#,
    )
    .await;
    expect(
        get("/api_key", "X-API-Key: invalid_key_123\r\n"),
        &[r#"ApiKey realm="API", in="header", name="X-API-Key""#],
        r#"{"error": "invalid_credentials", "message": "API key not found or revoked"}"#,
    )
    .await;
}

#[tokio::test]
async fn basic_without_semicolon_e1() {
    expect(
        get("/basic", ""),
        &[r#"Basic realm="Secured area", charset="UTF-8""#],
        MISSING,
    )
    .await;
}

#[tokio::test]
async fn bearer_never_bare_e4() {
    expect(
        get("/named_policy", ""),
        &[r#"Bearer realm="API""#],
        MISSING,
    )
    .await;
}

#[tokio::test]
async fn two_schemes_on_two_lines_e5() {
    expect(
        get("/either", ""),
        &[
            r#"Bearer realm="API""#,
            r#"Basic realm="Dev zone", charset="UTF-8""#,
        ],
        MISSING,
    )
    .await;
}

// The document's own request: its password ends in a line feed, which RFC 7617 §2 forbids.
#[tokio::test]
async fn the_easter_egg_is_refused_e6() {
    expect(
        get(
            "/basic",
            "Authorization: Basic d2VsbCBkb25lOnlvdSBmb3VuZCB0aGUgZWFzdGVyIGVnZwo=\r\n",
        ),
        &[r#"Basic realm="Secured area", charset="UTF-8""#],
        r#"{"error": "invalid_credentials", "message": "Credentials are not well formed"}"#,
    )
    .await;
}

#[tokio::test]
async fn good_credentials_reach_the_handler() {
    let token = tokens::good();
    for (path, fields) in [
        ("/promised", format!("Authorization: Bearer {token}\r\n")),
        (
            "/basic",
            "Authorization: Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==\r\n".into(),
        ),
        (
            "/named_key",
            format!("X-API-Key: {}\r\n", auth_tests::app::API_KEY),
        ),
    ] {
        for answer in answers(get(path, &fields)).await {
            assert_eq!(answer.status(), 200, "{path}");
            assert!(answer.field("WWW-Authenticate").is_empty());
        }
    }
}
