//! No secret in logs, whoever writes them (T-17, V28): everything at TRACE is captured, that of
//! dependencies included, while requests with every kind of credentials are answered.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use auth_core::Secret;
use auth_tests::app::{API_KEY, Pace, settings};
use auth_tests::drivers;
use auth_tests::log::Log;
use auth_tests::raw::exchange;
use auth_tests::tokens;
use base64::Engine as _;

#[tokio::test(flavor = "current_thread")]
async fn nothing_secret_is_logged_t17_v28() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .init();
    // Dependencies that do not use `tracing` are bridged.
    log::trace!(target: "dependency", "through the log crate");

    let good = tokens::good();
    let expired = tokens::of(&tokens::claims_but("exp", tokens::PAST.into()));
    let password = "correct horse battery";
    let pair = base64::engine::general_purpose::STANDARD.encode(format!("Aladdin:{password}"));
    let signature = good.rsplit('.').next().unwrap().to_owned();
    let requests = [
        ("bearer", format!("Authorization: Bearer {good}")),
        ("bearer", format!("Authorization: Bearer {expired}")),
        ("bearer", format!("Authorization: Bearer {good}x")),
        (
            "bearer",
            format!("Authorization: Bearer {good}, Bearer {good}"),
        ),
        ("bearer", format!("Authorization: Bearer\t{good}")),
        ("either", format!("Authorization: Basic {pair}")),
        ("basic", format!("Authorization: Basic {pair}")),
        ("api_key", format!("X-API-Key: {API_KEY}")),
        ("api_key", format!("X-API-Key: {API_KEY}x")),
        ("failing", "Authorization: Bearer down".to_owned()),
        ("scoped", format!("Authorization: Bearer {good}")),
    ];
    for server in drivers::ALL {
        let address = server.start(Pace::Awaiting, settings().with_admitted_events(true));
        for (path, field) in &requests {
            let request = format!("GET /{path} HTTP/1.1\r\nHost: localhost\r\n{field}\r\n\r\n");
            exchange(address, request).await.unwrap();
        }
    }

    let log = log.text();
    // The log is there, and says what an operator needs.
    assert!(log.contains("refused") && log.contains("admitted"), "{log}");
    assert!(log.contains("auth_tests::app::bearer"), "names the handler");
    assert!(
        log.contains("needed=\"orders:read orders:write\""),
        "tells the scopes: {log}"
    );
    assert!(
        log.contains("the store at 10.0.0.1 is down"),
        "tells what is down"
    );
    assert!(
        log.contains("through the log crate"),
        "what dependencies log is captured too"
    );
    for secret in [
        good.as_str(),
        expired.as_str(),
        signature.as_str(),
        password,
        pair.as_str(),
        API_KEY,
    ] {
        assert!(!log.contains(secret), "a secret in the log: {secret}");
    }
}

#[test]
fn secrets_cannot_be_printed() {
    let secret = Secret::new("hunter2".to_owned());
    assert!(!format!("{secret:?}").contains("hunter2"));
}
