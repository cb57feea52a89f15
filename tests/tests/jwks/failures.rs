//! A provider that is slow, broken or hostile (V4, V9, V24): no panic, no key of its making, and recovery without
//! restart.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use auth_core::jwt::{AnswerError, KeysError};
use auth_core::outbound::{Exchange, FetchError, HttpClient};
use auth_tests::provider::{Fault, Gate, KEYS, METADATA, Provider, Reply, Signer};
use bytes::Bytes;
use http::Request;
use serde_json::json;

use super::{Service, of};

const CAP: usize = 512 << 10;

/// What can go wrong, and whether this is how it is told.
type Row = (&'static str, Fault, fn(&AnswerError) -> bool);

fn faults() -> Vec<Row> {
    fn status(error: &AnswerError) -> bool {
        matches!(error, AnswerError::Status(_))
    }
    fn unreadable(error: &AnswerError) -> bool {
        *error == AnswerError::Unreadable
    }
    fn too_long(error: &AnswerError) -> bool {
        *error == AnswerError::None(FetchError::TooLong(CAP))
    }
    fn unreachable(error: &AnswerError) -> bool {
        matches!(error, AnswerError::None(FetchError::Unreachable(_)))
    }
    fn redirect(error: &AnswerError) -> bool {
        matches!(error, AnswerError::None(FetchError::Redirect(_)))
    }
    let hundred = 100 << 20;
    let html = Reply::new(200, "text/html", "<!doctype html><p>Sorry");
    vec![
        ("500", Fault::status(500), status),
        ("404", Fault::status(404), status),
        ("204", Fault::status(204), status),
        ("another content", Fault::Reply(html), unreadable),
        ("garbage", Fault::body([0xff, 0xfe, 0x00]), unreadable),
        ("nothing", Fault::body(""), unreadable),
        ("null", Fault::body("null"), unreadable),
        ("a list", Fault::body("[]"), unreadable),
        ("an empty object", Fault::body("{}"), unreadable),
        (
            "the wrong type",
            Fault::body(r#"{"keys": {}, "issuer": 1, "jwks_uri": []}"#),
            unreadable,
        ),
        ("cut JSON", Fault::body(r#"{"keys": [{"#), unreadable),
        (
            "two documents",
            Fault::body("{\"keys\": []} {}"),
            unreadable,
        ),
        ("a deep nest", Fault::body("[".repeat(400_000)), unreadable),
        (
            "a deep nest of keys",
            Fault::body(format!("{{\"keys\":{}", "[".repeat(400_000))),
            unreadable,
        ),
        (
            "100 MB, announced",
            Fault::Huge {
                octets: hundred,
                announced: true,
            },
            too_long,
        ),
        (
            "100 MB",
            Fault::Huge {
                octets: hundred,
                announced: false,
            },
            too_long,
        ),
        ("no HTTP", Fault::NotHttp, unreachable),
        ("closed", Fault::Closed, unreachable),
        ("cut", Fault::Cut, unreachable),
        (
            "a redirect",
            Fault::redirect("http://127.0.0.1:1/"),
            redirect,
        ),
        (
            "a redirect to a file",
            Fault::redirect("file:///etc/passwd"),
            redirect,
        ),
    ]
}

fn answer(error: &KeysError) -> &AnswerError {
    match error {
        KeysError::Metadata(error) | KeysError::Keys(error) => error,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn v4_v9_v24_whatever_the_provider_answers_at_the_start_is_an_error() {
    let provider = Provider::with(&[&Signer::new("ES256", "a")]).await;
    for (name, fault, expected) in faults() {
        for path in [METADATA, KEYS] {
            provider.fail(path, fault.clone());
            let error = of(&provider).0.start().await.unwrap_err();
            assert!(expected(answer(&error)), "{name} at {path}: {error:?}");
            assert!(!error.to_string().is_empty());
            provider.heal(path);
        }
    }
    assert!(of(&provider).0.start().await.is_ok());
}

#[tokio::test]
async fn v4_v9_v24_whatever_the_provider_answers_later_the_keys_stay_and_it_recovers() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let issuer = provider.issuer();
    for (name, fault, expected) in faults() {
        provider.publish(&[&old]);
        let service = Service::of(&provider).await;
        provider.publish(&[&new]);
        provider.fail(KEYS, fault);
        service.cannot_judge(&new.token(&issuer)).await;
        assert!(service.admits(&old.token(&issuer)).await, "{name}");
        let error = service.keys.health().last_error.unwrap();
        assert!(expected(answer(&error)), "{name}: {error:?}");
        provider.heal(KEYS);
        service.after(1);
        service.settled(0).await;
        assert!(service.admits(&new.token(&issuer)).await, "{name}");
        assert_eq!(service.keys.health().last_error, None);
    }
}

/// Keys under a tag, by a provider that stumbles over whoever knows it.
#[tokio::test]
async fn v9_j18_a_provider_that_fails_on_the_tag_is_asked_without_it() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let full = Reply::json(&json!({"keys": [signer.jwk()]})).with("etag", "\"one\"");
    provider.route(KEYS, move |asked| match asked.field("if-none-match") {
        Some(_) => Reply::new(500, "text/plain", ""),
        None => full.clone(),
    });
    let service = Service::of(&provider).await;
    service.after(720);
    service.settled(1).await;
    service.after(1);
    provider.until_asked(KEYS, 3).await;
    service.settled(0).await;
    assert_eq!(service.keys.health().age, Some(Duration::ZERO));
    assert!(service.admits(&signer.token(&provider.issuer())).await);
}

#[tokio::test]
async fn v24_a_tag_of_more_than_256_octets_is_not_kept() {
    let signer = Signer::new("ES256", "a");
    for (octets, kept) in [(256, true), (257, false)] {
        let provider = Provider::with(&[&signer]).await;
        let tag = format!("\"{}\"", "t".repeat(octets - 2));
        provider.publish_with(&[&signer], &[("etag", &tag)]);
        let service = Service::of(&provider).await;
        service.after(720);
        provider.until_asked(KEYS, 2).await;
        service.settled(0).await;
        let asked = provider.asked(KEYS);
        let told = asked[1].field("if-none-match").map(str::to_owned);
        assert_eq!(told, kept.then_some(tag), "{octets}");
    }
}

#[tokio::test]
async fn v9_metadata_that_turns_into_that_of_another_issuer_is_a_failure() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let service = Service::of(&provider).await;
    let evil = Provider::with(&[&Signer::new("ES256", "evil")]).await;
    provider.describe(METADATA, &evil.issuer(), &evil.url(KEYS));
    provider.fail(KEYS, Fault::status(500));
    service.after(900);
    service.settled(1).await;
    service.after(1);
    service.settled(2).await;
    assert_eq!(
        service.keys.health().last_error,
        Some(KeysError::OtherIssuer)
    );
    assert!(service.admits(&signer.token(&provider.issuer())).await);
    assert_eq!(evil.count_all(), 0);
}

/// The one that is hung up on is a real server; the deadline is short.
#[tokio::test]
async fn v24_a_provider_that_hangs_or_trickles_is_given_up_on() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let deadline = Duration::from_millis(50);
    for fault in [Fault::Held(Gate::closed()), Fault::Trickle(Gate::closed())] {
        for path in [METADATA, KEYS] {
            provider.fail(path, fault.clone());
            let error = of(&provider)
                .0
                .with_deadline(deadline)
                .start()
                .await
                .unwrap_err();
            let late = AnswerError::None(FetchError::Deadline(deadline));
            let expected = [
                KeysError::Deadline(deadline),
                KeysError::Metadata(late.clone()),
                KeysError::Keys(late),
            ];
            assert!(expected.contains(&error), "{error:?}");
            provider.heal(path);
        }
    }
    // Slow is not wrong.
    let gate = Gate::closed();
    gate.open();
    provider.fail(KEYS, Fault::Trickle(gate));
    assert!(of(&provider).0.start().await.is_ok());
}

/// Never answers.
struct Silent;

impl HttpClient for Silent {
    fn send(&self, _: Request<Bytes>, _: usize) -> Exchange {
        Box::pin(std::future::pending())
    }
}

#[tokio::test(start_paused = true)]
async fn the_deadline_is_that_of_the_whole_attempt() {
    let provider_is_not_asked = auth_core::jwt::Issuer::new("https://login.example.com/a");
    let keys = auth_core::jwt::RemoteKeys::discover(provider_is_not_asked).with_client(Silent);
    let begun = tokio::time::Instant::now();
    keys.start().await.unwrap_err();
    assert_eq!(begun.elapsed().as_secs(), 5);
}

/// Nobody who has a known key waits for a fetch that hangs.
#[tokio::test]
async fn known_keys_do_not_wait_for_a_fetch_that_hangs() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let service = Service::of(&provider).await;
    let issuer = provider.issuer();
    provider.publish(&[&old, &new]);
    let gate = Gate::closed();
    provider.fail(KEYS, Fault::Held(gate.clone()));
    let (asking, unseen) = (service.clone(), new.token(&issuer));
    let waiting = tokio::spawn(async move { asking.admits(&unseen).await });
    provider.until_asked(KEYS, 2).await;
    assert!(service.keys.health().fetching);
    assert!(service.admits(&old.token(&issuer)).await);
    assert!(!waiting.is_finished());
    gate.open();
    assert!(waiting.await.unwrap());
}

/// Panics, as a client of the application's might.
struct Panicking(Arc<AtomicUsize>);

impl HttpClient for Panicking {
    fn send(&self, _: Request<Bytes>, _: usize) -> Exchange {
        self.0.fetch_add(1, Ordering::SeqCst);
        Box::pin(async { panic!("a mistake of the client") })
    }
}

#[tokio::test]
async fn v9_a_client_that_panics_takes_no_request_down() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let (keys, hand) = of(&provider);
    let asked = Arc::new(AtomicUsize::new(0));
    let keys = keys.with_client(Panicking(Arc::clone(&asked)));
    let service = Service::over(keys.start_without_keys().unwrap(), hand);
    let token = signer.token(&provider.issuer());
    for _ in 0..100 {
        assert_eq!(service.cannot_judge(&token).await, 1);
    }
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    // It goes on trying.
    service.after(1);
    service.settled(2).await;
    assert_eq!(service.keys.health().last_error, Some(KeysError::Stopped));
    let keys = of(&provider).0.with_client(Panicking(asked));
    assert_eq!(keys.start().await.unwrap_err(), KeysError::Stopped);
}
