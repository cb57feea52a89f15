//! What a flood of unknown keys, or an issuer that fails, does to the service (J-18, V5, V9).

use std::io::Write as _;
use std::net::{TcpListener, TcpStream};

use auth_core::Cause;
use serde_json::json;

use crate::harness::{
    COOLDOWN, KEYS, PARTNER_KEYS, Refused, Sent, Service, Serving, admits, by, good, keys,
    partners, refuses, was_sprung,
};
use crate::{addresses, table};

const UNKNOWN: Refused = Refused::Invalid("unknown key");

/// The table relies on it.
#[test]
fn a_trap_shows_who_connected() {
    let trap = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    trap.set_nonblocking(true).unwrap();
    assert!(!was_sprung(&trap));
    let mut stream = TcpStream::connect(trap.local_addr().unwrap()).unwrap();
    stream.write_all(b"GET /jwks HTTP/1.1\r\n\r\n").unwrap();
    assert!(was_sprung(&trap));
    assert!(!was_sprung(&trap));
}

#[tokio::test]
async fn j18_v5_a_flood_of_kids_causes_one_question_in_each_cooldown() {
    let service = Service::start(Serving::Axum).await;
    let before = service.outside.asked().len();
    let named = |n: usize| {
        Sent::from(
            good()
                .header("kid", format!("../{n}'; --"))
                .signature([0; 64]),
        )
    };
    for round in 1..=3 {
        service.after(COOLDOWN);
        for n in 0..1000 {
            refuses(&service, &named(n), UNKNOWN, "a flood").await;
        }
        // Who has a known key does not notice.
        admits(&service, &good().into(), "a flood").await;
        assert_eq!(
            addresses(&service.outside.asked()[before..]),
            vec![KEYS; round]
        );
    }
}

/// J-18: the issuer adds a key, and withdraws another; both are seen with the one question that the new one causes.
#[tokio::test]
async fn j18_v21_a_withdrawn_key_is_withdrawn_for_tokens_in_memory_too() {
    let service = Service::start(Serving::Axum).await;
    let [old, stays, new] = [
        good().into(),
        Sent::from(by(&keys().ed)),
        Sent::from(by(&keys().strangers[2]).header("kid", "ed-2")),
    ];
    for _ in 0..2 {
        admits(&service, &old, "the old key").await;
        admits(&service, &stays, "the key that stays").await;
    }
    let added = keys().strangers[2].jwk_but("kid", json!("ed-2"));
    service
        .outside
        .put(KEYS, json!({"keys": [keys().ed.jwk(), added]}));
    let known = service.hits();
    for _ in 0..2 {
        admits(&service, &new, "the new key").await;
        refuses(&service, &old, UNKNOWN, "the withdrawn key").await;
        admits(&service, &stays, "the key that stays").await;
    }
    assert_eq!(
        service.hits() - known,
        3,
        "the new one once, the one that stays twice"
    );
}

/// V9: an issuer that cannot be asked makes nothing admissible and nothing panic. What is known goes on working, and
/// what could not be judged is 503.
#[tokio::test]
async fn v9_j18_all_attacks_while_the_issuers_fail() {
    for serving in [Serving::Axum, Serving::Http] {
        let service = Service::start(serving).await;
        service.outside.remove(KEYS);
        service.outside.remove(PARTNER_KEYS);
        for token in [good(), partners()].map(|token| token.header("kid", "new").to("/either")) {
            not_judged(&service, &token).await;
        }
        let before = service.outside.asked().len();
        for row in &table::rows() {
            if row.is_judged_without_asking() {
                row.is_refused(&service).await;
            } else {
                not_judged(&service, &row.attack).await;
            }
            row.neighbour_is_admitted(&service).await;
        }
        // It is asked again when the pause after a failure is over, and not by anybody's wish.
        assert_eq!(service.outside.asked().len(), before);
    }
}

async fn not_judged(service: &Service, sent: &Sent) {
    let answer = service.answer(sent.request()).await;
    assert_eq!(answer.status(), 503);
    let cause = answer.extensions().get::<Cause>();
    assert!(
        matches!(cause, Some(Cause::Unavailable { .. })),
        "{cause:?}"
    );
    assert!(!answer.headers().contains_key("www-authenticate"));
    assert_eq!(answer.headers()["retry-after"], "1");
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
        .await
        .unwrap();
    let expected = r#"{"error": "temporarily_unavailable", "message": "Credentials cannot be checked right now, try again later"}"#;
    assert_eq!(body, expected);
}
