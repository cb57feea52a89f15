//! Runs the program beside a provider that lives in this process, and calls it over real connections.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;
use std::process::{Command, Output, Stdio};
use std::time::{SystemTime, UNIX_EPOCH};

use auth_tests::program::Program;
use auth_tests::provider::{Provider, Signer, claims};
use auth_tests::raw::{Answer, exchange};
use serde_json::{Value, json};

// The provider answers while a test waits for the program to start: hence the threads.

const RESOURCE: &str = "https://orders.example.com";

fn command(issuer: &str, directory: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_oauth-resource-server"));
    command
        .env_remove("CLIENT_ID")
        .env_remove("CLIENT_SECRET")
        .env("PORT", "0")
        .env("ISSUER", issuer)
        .env("RESOURCE", RESOURCE)
        .env("REVOCATIONS", directory.join("revocations"))
        .stderr(Stdio::piped());
    command
}

async fn call(program: &Program, request: &str, token: Option<&str>) -> Answer {
    let token = token.map_or_else(String::new, |it| format!("Authorization: Bearer {it}\r\n"));
    let request =
        format!("{request} HTTP/1.1\r\nHost: localhost\r\nContent-Length: 0\r\n{token}\r\n");
    exchange(program.address, request).await.unwrap()
}

/// A token for this service that is good for an hour, with one more claim.
fn token(signer: &Signer, issuer: &str, name: &str, value: Value) -> String {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
    let mut claims = claims(issuer);
    claims["aud"] = json!(RESOURCE);
    claims["iat"] = json!(now.as_secs());
    claims["exp"] = json!(now.as_secs() + 3600);
    claims[name] = value;
    signer.sign(&signer.header(), &claims)
}

fn error(answer: &Answer) -> String {
    let body: Value = serde_json::from_str(&answer.body).unwrap();
    body["error"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread")]
async fn it_lists_its_endpoints_and_says_where_tokens_come_from_r1_r2_c1_c2() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(&mut command(&provider.issuer(), directory.path()));

    let listed: Vec<&str> = program
        .printed
        .lines()
        .take_while(|it| !it.is_empty())
        .collect();
    assert_eq!(listed.len(), 8, "{listed:?}");
    for needed in [
        "GET /orders oauth_resource_server::handlers::list requires Bearer (orders:read) or Bearer[Opaque] (orders:read)",
        "POST /orders/{id}/refund oauth_resource_server::handlers::refund requires ",
        "GET /health oauth_resource_server::handlers::health is public: load balancer probe",
    ] {
        assert!(listed.iter().any(|it| it.starts_with(needed)), "{listed:?}");
    }

    let refused = call(&program, "GET /orders", None).await;
    assert_eq!(refused.status(), 401);
    let path = "/.well-known/oauth-protected-resource";
    let named = format!(r#"resource_metadata="{RESOURCE}{path}""#);
    let challenges = refused.field("www-authenticate");
    assert!(
        challenges.iter().all(|it| it.contains(&named)),
        "{challenges:?}"
    );
    let document = call(&program, &format!("GET {path}"), None).await;
    let document: Value = serde_json::from_str(&document.body).unwrap();
    assert_eq!(document["resource"], RESOURCE);
    assert_eq!(
        document["authorization_servers"],
        json!([provider.issuer()])
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_opens_what_its_claims_say_s1_s3() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let issuer = provider.issuer();
    let directory = tempfile::tempdir().unwrap();
    let program = Program::start(&mut command(&issuer, directory.path()));
    let read = token(&signer, &issuer, "scope", json!("orders:read"));
    let write = token(&signer, &issuer, "scope", json!("orders:write"));

    let orders = call(&program, "GET /orders", Some(&read)).await;
    assert_eq!(
        (orders.status(), orders.body.as_str()),
        (200, "the orders of ada\n")
    );
    assert_eq!(
        call(&program, "POST /orders", Some(&write)).await.status(),
        201
    );
    let refused = call(&program, "POST /orders", Some(&read)).await;
    assert_eq!(
        (refused.status(), error(&refused).as_str()),
        (403, "insufficient_scope")
    );
    let refused = call(&program, "POST /orders/7/refund", Some(&write)).await;
    assert_eq!(
        (refused.status(), error(&refused).as_str()),
        (401, "insufficient_user_authentication")
    );

    let counted = call(&program, "GET /metrics", None).await.body;
    for line in [
        r#"auth_refusals_total{status="403",reason="insufficient_scope"} 1"#,
        r#"auth_authentications_total{scheme="Bearer",outcome="admitted",reason="none"} 2"#,
        r#"auth_authentication_duration_seconds_bucket{scheme="Bearer",outcome="admitted",le="5"} 2"#,
        &format!(r#"auth_jwks_usable_keys{{issuer="{issuer}"}} 1"#),
        "# HELP auth_refusals_total ",
    ] {
        assert!(counted.contains(line), "{line} is not in:\n{counted}");
    }
    let health = call(&program, "GET /health", None).await.body;
    assert!(health.starts_with("keys: 1 key, confirmed "), "{health}");
}

/// Also by the cache that admitted it before, and by the next process.
#[tokio::test(flavor = "multi_thread")]
async fn what_was_taken_back_is_refused_from_then_on_v21() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let issuer = provider.issuer();
    let directory = tempfile::tempdir().unwrap();
    let mut program = Program::start(&mut command(&issuer, directory.path()));
    let [mine, other] = ["one", "two"].map(|jti| token(&signer, &issuer, "jti", json!(jti)));

    assert_eq!(
        call(&program, "GET /orders", Some(&mine)).await.status(),
        200
    );
    assert_eq!(
        call(&program, "POST /sign-out", Some(&mine)).await.status(),
        204
    );
    for restarted in [false, true] {
        if restarted {
            drop(program);
            program = Program::start(&mut command(&issuer, directory.path()));
        }
        let refused = call(&program, "GET /orders", Some(&mine)).await;
        assert_eq!(
            (refused.status(), error(&refused).as_str()),
            (401, "token_revoked")
        );
        assert_eq!(
            call(&program, "GET /orders", Some(&other)).await.status(),
            200
        );
    }
}

/// What it says when it does not start.
fn failure(command: &mut Command) -> String {
    let Output { status, stderr, .. } = command.output().unwrap();
    let stderr = String::from_utf8(stderr).unwrap();
    assert_eq!(status.code(), Some(1), "{stderr}");
    stderr
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_provider_it_says_how_to_start_one() {
    let provider = Provider::bare().await;
    provider.stop().await;
    let directory = tempfile::tempdir().unwrap();
    let stderr = failure(&mut command(&provider.issuer(), directory.path()));
    assert!(
        stderr.contains("npm ci --ignore-scripts && node provider.mjs"),
        "{stderr}"
    );
}

#[test]
fn an_issuer_that_is_no_url_is_told_without_that() {
    let directory = tempfile::tempdir().unwrap();
    let stderr = failure(&mut command("login.example.com", directory.path()));
    assert!(
        stderr.contains("write one such as `https://login.example.com`"),
        "{stderr}"
    );
    assert!(!stderr.contains("node"), "{stderr}");
}

#[test]
fn a_port_that_is_none_is_told() {
    let directory = tempfile::tempdir().unwrap();
    let stderr = failure(command("http://127.0.0.1:9", directory.path()).env("PORT", "http"));
    let words = r#"PORT is "http": set it to a number from 0 to 65535"#;
    assert!(stderr.contains(words), "{stderr}");
}
