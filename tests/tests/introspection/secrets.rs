//! Nothing of a token, of what is said of it, or of our credentials is printed, logged or answered (T-17, V28). Whoever
//! writes it: everything at TRACE is captured, that of dependencies included.

use std::time::Duration;

use auth_core::introspection::{BreakerLimits, ClientAuth, Introspection, SigningKey};
use auth_core::jwt::{Algorithm, Audience};
use auth_core::outbound::PlainHttp;
use auth_core::{Revocation, Secret};
use auth_tests::introspector::{Introspector, active_but};
use auth_tests::log::Log;
use auth_tests::tokens::AUDIENCE;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::json;

use super::{Claims, Service};

const OPAQUE: &str = "opaque-token-of-the-test-of-secrets";
const PASSWORD: &str = "password-of-the-test-of-secrets";
const SUBJECT: &str = "subject-of-the-test-of-secrets";
const PEM: &str = include_str!("../../../auth-core/tests/data/keys/es256.pem");

fn ways() -> [ClientAuth; 3] {
    let password = || Secret::new(PASSWORD.to_owned());
    let key = SigningKey::from_pem(Algorithm::ES256, PEM).unwrap();
    [
        ClientAuth::basic("orders", password()),
        ClientAuth::post("orders", password()),
        ClientAuth::private_key_jwt("orders", "https://login.example", key),
    ]
}

#[tokio::test]
async fn t17_v28_nothing_secret_is_logged_printed_or_answered() {
    let log = Log::default();
    tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_ansi(false)
        .with_writer(log.clone())
        .init();
    log::trace!(target: "dependency", "through the log crate");

    let mut seen = Vec::new();
    let mut assertions = Vec::new();
    for auth in ways() {
        let endpoint = Introspector::default();
        let address = endpoint.listen().await;
        let builder = Introspection::<Claims>::builder(
            address,
            auth,
            Audience::new(AUDIENCE),
            Revocation::None,
        );
        let builder = builder
            .with_plain_http(PlainHttp::OnLoopback)
            .with_breaker(BreakerLimits::default().with_failures(3))
            .without_cache();
        seen.push(format!("{builder:?}"));
        let service = Service::of(endpoint, builder);
        let named = |name| active_but(name, json!([SUBJECT]));
        for answer in [
            active_but("sub", json!(SUBJECT)),
            active_but("aud", json!(SUBJECT)),
            active_but("token_type", json!(SUBJECT)),
            named("sub"),
            named("exp"),
            named("roles"),
            json!({"active": false, "sub": SUBJECT}),
            json!({"active": true, "aud": AUDIENCE, "token_type": "Bearer", "username": SUBJECT}),
        ] {
            service.endpoint.says(&answer);
            let told = service.get("/plain", OPAQUE).await;
            // The handler tells whom it was called for; nobody else does.
            if told.status != 200 {
                seen.push(format!("{told:?} {}", told.detail()));
            }
        }
        // Long enough after the last good answer for bad ones to count.
        service.hand.advance(Duration::from_secs(5));
        service.endpoint.says_text(401, SUBJECT);
        seen.push(format!("{:?}", service.get("/plain", OPAQUE).await));
        service.endpoint.says_text(200, SUBJECT);
        for _ in 0..4 {
            seen.push(format!("{:?}", service.get("/plain", OPAQUE).await));
        }
        seen.push(format!(
            "{:?} {} {:?}",
            service.health(),
            service.health(),
            service.tokens
        ));
        let forms = service.endpoint.asked().into_iter().map(|asked| asked.form);
        assertions.extend(forms.filter_map(|form| form.get("client_assertion").cloned()));
    }

    let seen = seen.concat();
    let log = log.text();
    // The log is there, and says what an operator needs.
    for told in [
        "introspected",
        "introspection failed",
        "introspection held back",
        "it answers 401: check the client's id",
        "its answer is not one JSON object",
        "through the log crate",
    ] {
        assert!(log.contains(told), "{told}");
    }
    assert!(!assertions.is_empty());
    let pair = STANDARD.encode(format!("orders:{PASSWORD}"));
    let key = PEM.lines().nth(1).unwrap();
    let mut secrets = vec![OPAQUE, PASSWORD, SUBJECT, &pair, key];
    secrets.extend(assertions.iter().map(String::as_str));
    for secret in secrets {
        assert!(!log.contains(secret), "in the log: {secret}");
        assert!(!seen.contains(secret), "printed or answered: {secret}");
    }
}
