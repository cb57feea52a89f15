//! Keys that come and go (J-18), and key ids that were never there (V5).

use std::future::Future as _;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Weak};
use std::task::{Context, Waker};
use std::time::Duration;

use auth_core::jwt::{KeysError, Profile};
use auth_core::outbound::{Exchange, FetchError, HttpClient};
use auth_tests::provider::{Fault, KEYS, METADATA, Provider, Reply, Signer, claims};
use auth_tests::until;
use bytes::Bytes;
use http::{Request, Response};
use serde_json::json;

use super::{Service, of};

/// Unless the provider says otherwise, in seconds.
const CACHE_TIME: u64 = 15 * 60;
const MAX_STALE: u64 = 3600;
const COOLDOWN: u64 = 30;

/// A token whose key id nobody has; it need not be signed.
fn unknown(issuer: &str, n: usize) -> String {
    let header = json!({"alg": "ES256", "typ": "at+jwt", "kid": format!("../{n}'; --")});
    let encoded =
        [header, claims(issuer)].map(|part| auth_tests::tokens::encoded(part.to_string()));
    format!(
        "{}.{}",
        encoded.join("."),
        auth_tests::tokens::encoded([7; 64])
    )
}

#[tokio::test]
async fn j18_a_new_key_works_with_the_first_token_that_names_it() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let service = Service::of(&provider).await;
    let issuer = provider.issuer();
    provider.publish(&[&old, &new]);
    assert!(service.admits(&new.token(&issuer)).await);
    assert!(service.admits(&old.token(&issuer)).await);
    assert_eq!((provider.count(METADATA), provider.count(KEYS)), (1, 2));
}

#[tokio::test]
async fn j18_v5_key_ids_that_nobody_has_cause_one_fetch_in_each_cooldown() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let service = Service::of(&provider).await;
    let issuer = provider.issuer();
    for n in 0..10_000 {
        let refusal = service.ask(&unknown(&issuer, n)).await.unwrap_err();
        assert_eq!(refusal.status(), 401);
    }
    assert_eq!(provider.count(KEYS), 2);
    service.after(COOLDOWN - 1);
    service.knows_no_key_for(&unknown(&issuer, 0)).await;
    assert_eq!(provider.count(KEYS), 2);
    service.after(1);
    for n in 0..100 {
        service.knows_no_key_for(&unknown(&issuer, n)).await;
    }
    assert_eq!(provider.count(KEYS), 3);
    // Meanwhile known keys work.
    assert!(service.admits(&signer.token(&issuer)).await);
}

/// It could not be admitted whatever the keys are, so nobody is asked.
#[tokio::test]
async fn j7_v9_a_token_that_cannot_be_good_causes_no_fetch() {
    let [signer, other] = ["a", "b"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&signer]).await;
    let service = Service::of(&provider).await;
    let issuer = provider.issuer();
    let with = |name: &str, value| {
        let mut claims = claims(&issuer);
        claims[name] = value;
        other.sign(&other.header(), &claims)
    };
    for token in [
        with("iss", json!("https://unknown.example")),
        with("iss", json!(format!("{issuer}/"))),
        with("iss", json!([&issuer])),
        with("iss", json!(null)),
        other.sign(&other.header(), &json!("text")),
        other.sign(&other.header_but("typ", json!("JWT")), &claims(&issuer)),
        other.sign(&other.header_but("typ", json!(null)), &claims(&issuer)),
        other.sign(&other.header_but("alg", json!("HS256")), &claims(&issuer)),
        other.sign(&other.header_but("alg", json!("none")), &claims(&issuer)),
        other.sign(
            &other.header_but("kid", json!("k".repeat(257))),
            &claims(&issuer),
        ),
        other.sign(&other.header_but("crit", json!(["exp"])), &claims(&issuer)),
    ] {
        let refusal = service.ask(&token).await.unwrap_err();
        assert_eq!(
            (refusal.status().as_u16(), refusal.error()),
            (401, "invalid_token")
        );
    }
    assert_eq!(provider.count(KEYS), 1);
    // Its neighbour does.
    service.knows_no_key_for(&other.token(&issuer)).await;
    assert_eq!(provider.count(KEYS), 2);
}

#[tokio::test]
async fn the_relaxed_profile_asks_for_keys_of_its_tokens_too() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let issuer = provider.issuer();
    let (keys, hand) = of(&provider);
    let keys = keys.start().await.unwrap();
    let tokens = auth_core::JwtVerifier::with_remote_keys(
        keys.clone(),
        auth_core::jwt::Audience::new(auth_tests::tokens::AUDIENCE),
        auth_core::Revocation::None,
    );
    let tokens = tokens.unwrap().with_profile(Profile::Jwt);
    assert_eq!(tokens.keys_health(), Some(keys.health()));
    let mut service = Service::over(keys, hand);
    let clock = auth_core::Clock::manual(auth_tests::tokens::NOW).0;
    service.app = Arc::new(super::App {
        tokens,
        settings: auth_core::Settings::new().with_clock(clock),
    });
    provider.publish(&[&new]);
    let token = new.sign(&new.header_but("typ", json!("JWT")), &claims(&issuer));
    assert!(service.admits(&token).await);
}

#[tokio::test]
async fn j18_a_withdrawn_key_stops_working_after_the_cache_time() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old, &new]).await;
    let service = Service::of(&provider).await;
    let (gone, kept) = (old.token(&provider.issuer()), new.token(&provider.issuer()));
    // Remembered, and not.
    assert!(service.admits(&gone).await && service.admits(&kept).await);
    provider.publish(&[&new]);
    service.after(CACHE_TIME * 4 / 5 - 1);
    assert!(service.admits(&gone).await);
    assert_eq!(provider.count(KEYS), 1);
    service.after(CACHE_TIME / 5 + 1);
    service.knows_no_key_for(&gone).await;
    assert!(service.admits(&kept).await);
}

/// Where keys are past their time, and nobody has tried to refresh them, a request waits rather than take them.
#[tokio::test]
async fn j18_keys_past_their_time_are_not_used_before_the_issuer_was_asked() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let service = Service::of(&provider).await;
    provider.publish(&[&new]);
    // As after a long time in which no task ran.
    service.after(10 * 24 * 3600);
    service
        .knows_no_key_for(&old.token(&provider.issuer()))
        .await;
    assert!(service.admits(&new.token(&provider.issuer())).await);
}

#[tokio::test]
async fn j18_keys_are_refreshed_before_their_end_without_any_request() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let service = Service::of(&provider).await;
    for round in 2..6 {
        service.after(CACHE_TIME * 4 / 5);
        provider.until_asked(KEYS, round).await;
        service.settled(0).await;
        let health = service.keys.health();
        assert_eq!(health.age, Some(Duration::ZERO));
        assert_eq!(health.next_attempt, Duration::from_secs(CACHE_TIME * 4 / 5));
    }
    assert_eq!((provider.count(METADATA), provider.count(KEYS)), (1, 5));
}

#[tokio::test]
async fn j18_the_cache_time_is_that_of_the_provider_within_bounds() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::bare().await;
    provider.describe(METADATA, &provider.issuer(), &provider.url(KEYS));
    for (fields, seconds) in [
        (&[("cache-control", "public, max-age=600")][..], 600),
        (&[("Cache-Control", "max-age=600"), ("Age", "100")][..], 500),
        (&[("cache-control", "no-store")][..], 60),
        (&[("cache-control", "max-age=99999999")][..], 24 * 3600),
        (&[][..], CACHE_TIME),
    ] {
        provider.publish_with(&[&signer], fields);
        let service = Service::of(&provider).await;
        let health = service.keys.health();
        assert_eq!(
            health.next_attempt,
            Duration::from_secs(seconds) * 4 / 5,
            "{fields:?}"
        );
    }
    provider.publish_with(&[&signer], &[]);
    let service = Service::with(&provider, |keys| {
        keys.with_default_cache_time(Duration::from_secs(100))
            .with_cache_times(Duration::from_secs(5), Duration::from_secs(50))
    })
    .await;
    assert_eq!(service.keys.health().next_attempt, Duration::from_secs(40));
}

#[tokio::test]
async fn v24_no_cache_time_is_above_30_days() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[]).await;
    let days = Duration::from_hours(30 * 24);
    let age = format!("max-age={}", u64::MAX);
    provider.publish_with(&[&signer], &[("cache-control", &age)]);
    let longest = |keys: auth_core::jwt::RemoteKeysBuilder| {
        keys.with_cache_times(Duration::from_secs(1), Duration::MAX)
    };
    let service = Service::with(&provider, longest).await;
    assert_eq!(service.keys.health().next_attempt, days * 4 / 5);
    let too_long = days + Duration::from_secs(1);
    let (keys, _) = of(&provider);
    let error = keys.with_cache_times(too_long, too_long).start().await;
    assert_eq!(error.unwrap_err(), KeysError::CacheTimes);
}

/// Publishes keys under a tag, and answers 304 to those who know it.
fn publish_tagged(provider: &Provider, signer: &Signer, tag: &'static str) {
    let full = Reply::json(&json!({"keys": [signer.jwk()]})).with("etag", tag);
    provider.route(KEYS, move |asked| match asked.field("if-none-match") {
        Some(known) if known == tag => Reply::new(304, "text/plain", "").with("etag", tag),
        _ => full.clone(),
    });
}

#[tokio::test]
async fn keys_that_did_not_change_are_confirmed_and_tokens_stay_known() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::bare().await;
    provider.describe(METADATA, &provider.issuer(), &provider.url(KEYS));
    publish_tagged(&provider, &old, "\"one\"");
    let service = Service::of(&provider).await;
    let token = old.token(&provider.issuer());
    let hits = || service.app.tokens.cache_stats().unwrap().hits;
    assert!(service.admits(&token).await && service.admits(&token).await);
    assert_eq!(hits(), 1);

    // Confirmed by 304.
    service.after(CACHE_TIME * 4 / 5);
    provider.until_asked(KEYS, 2).await;
    service.settled(0).await;
    assert_eq!(service.keys.health().age, Some(Duration::ZERO));
    assert!(service.admits(&token).await);
    assert_eq!(hits(), 2);

    // Read again, in other words: without `alg`, with a new neighbour.
    provider.publish_set(&[new.jwk(), old.jwk_but("alg", json!(null))]);
    service.after(CACHE_TIME * 4 / 5);
    provider.until_asked(KEYS, 3).await;
    service.settled(0).await;
    assert!(service.admits(&token).await);
    assert_eq!(hits(), 3);
    assert!(service.admits(&new.token(&provider.issuer())).await);

    // The same name for another key: the token has to be looked at again, and fails.
    let other = Signer::new("ES256", "old");
    provider.publish(&[&other]);
    service.after(CACHE_TIME * 4 / 5);
    provider.until_asked(KEYS, 4).await;
    service.settled(0).await;
    assert_eq!(service.ask(&token).await.unwrap_err().status(), 401);
    assert_eq!(hits(), 3);
    let tags: Vec<_> = provider
        .asked(KEYS)
        .iter()
        .map(|asked| asked.field("if-none-match").map(str::to_owned))
        .collect();
    let one = Some("\"one\"".to_owned());
    assert_eq!(tags, [None, one.clone(), one, None]);
}

#[tokio::test]
async fn not_modified_is_no_answer_to_who_did_not_ask_for_it() {
    let provider = Provider::with(&[]).await;
    provider.fail(KEYS, Fault::status(304));
    let error = of(&provider).0.start().await.unwrap_err();
    let status = http::StatusCode::NOT_MODIFIED;
    assert_eq!(
        error,
        KeysError::Keys(auth_core::jwt::AnswerError::Status(status))
    );
}

#[tokio::test]
async fn j18_the_last_good_keys_count_while_the_issuer_fails_then_503_then_it_recovers() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let service = Service::of(&provider).await;
    let issuer = provider.issuer();
    let (known, unseen) = (old.token(&issuer), new.token(&issuer));
    assert!(service.admits(&known).await);

    provider.stop().await;
    service.after(CACHE_TIME * 4 / 5);
    service.settled(1).await;
    assert!(service.admits(&known).await);
    // A key that is not there could be new: the token is not judged, and at once.
    assert_eq!(service.cannot_judge(&unseen).await, 1);
    let health = service.keys.health();
    assert!(health.usable && health.last_error.is_some());
    assert_eq!(health.next_attempt, Duration::from_secs(1));
    // Ever more slowly.
    for (failures, pause) in [
        (2, 1),
        (3, 2),
        (4, 4),
        (5, 8),
        (6, 16),
        (7, 32),
        (8, 60),
        (9, 60),
    ] {
        service.after(pause);
        service.settled(failures).await;
    }
    assert_eq!(service.cannot_judge(&unseen).await, 60);

    let passed = CACHE_TIME * 4 / 5 + 183;
    service.after(CACHE_TIME + MAX_STALE - passed - 1);
    service.settled(10).await;
    assert!(service.admits(&known).await);
    // Another one, never seen before, is looked at.
    assert!(
        service
            .admits(&old.sign(&old.header(), &{
                let mut claims = claims(&issuer);
                claims["jti"] = json!("t-2");
                claims
            }))
            .await
    );
    service.after(1);
    assert_eq!(service.cannot_judge(&known).await, 59);
    assert_eq!(service.cannot_judge(&unseen).await, 59);
    assert!(!service.keys.health().usable);
    // What is wrong anyway is wrong.
    let foreign = old.token("https://unknown.example");
    assert_eq!(service.ask(&foreign).await.unwrap_err().status(), 401);

    provider.resume().await;
    provider.publish(&[&new]);
    service.after(59);
    service.settled(0).await;
    assert!(service.admits(&unseen).await);
    service.knows_no_key_for(&known).await;
}

#[tokio::test]
async fn j18_without_patience_keys_end_with_their_cache_time() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let service = Service::with(&provider, |keys| keys.with_max_stale(Duration::ZERO)).await;
    let token = signer.token(&provider.issuer());
    provider.fail(KEYS, Fault::status(500));
    service.after(CACHE_TIME - 1);
    service.settled(1).await;
    assert!(service.admits(&token).await);
    service.after(1);
    service.settled(2).await;
    service.cannot_judge(&token).await;
}

#[tokio::test]
async fn a_service_may_start_without_keys_and_refuses_until_they_are_there() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    provider.fail(METADATA, Fault::status(503));
    let (keys, hand) = of(&provider);
    let service = Service::over(keys.start_without_keys().unwrap(), hand);
    let token = signer.token(&provider.issuer());
    assert_eq!(service.cannot_judge(&token).await, 1);
    assert_eq!(
        service
            .ask(&signer.token("urn:other"))
            .await
            .unwrap_err()
            .status(),
        401
    );
    let health = service.keys.health();
    assert_eq!((health.usable, health.keys, health.age), (false, 0, None));
    // However many ask: the next attempt has its time.
    for n in 0..100 {
        service.cannot_judge(&unknown(&provider.issuer(), n)).await;
    }
    assert_eq!((provider.count(METADATA), provider.count(KEYS)), (1, 0));
    provider.heal(METADATA);
    service.after(1);
    assert!(service.admits(&token).await);
    assert_eq!((provider.count(METADATA), provider.count(KEYS)), (2, 1));
}

#[tokio::test]
async fn after_a_failure_the_metadata_is_asked_where_the_keys_are_now() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let service = Service::of(&provider).await;
    let moved = json!({"keys": [signer.jwk()]});
    provider.route("/moved", move |_| Reply::json(&moved));
    provider.describe(METADATA, &provider.issuer(), &provider.url("/moved"));
    provider.fail(KEYS, Fault::status(410));
    service.after(CACHE_TIME * 4 / 5);
    service.settled(1).await;
    service.after(1);
    service.settled(0).await;
    assert_eq!(provider.count("/moved"), 1);
    assert!(service.admits(&signer.token(&provider.issuer())).await);
}

/// Answers nothing, and tells when it is dropped.
struct Watched {
    _alive: Arc<()>,
    asked: Arc<AtomicBool>,
}

impl HttpClient for Watched {
    fn send(&self, _: Request<Bytes>, _: usize) -> Exchange {
        self.asked.store(true, Ordering::SeqCst);
        Box::pin(async {
            let mut response = Response::new(Bytes::new());
            *response.status_mut() = http::StatusCode::BAD_GATEWAY;
            Err::<Response<Bytes>, _>(FetchError::Unreachable("nobody there".into()))
                .or(Ok(response))
        })
    }
}

#[tokio::test]
async fn nothing_is_left_once_the_last_handle_is_gone() {
    let provider = Provider::bare().await;
    let (keys, hand) = of(&provider);
    let (alive, asked) = (Arc::new(()), Arc::new(AtomicBool::new(false)));
    let watched: Weak<()> = Arc::downgrade(&alive);
    let client = Watched {
        _alive: alive,
        asked: Arc::clone(&asked),
    };
    let keys = keys.with_client(client).start_without_keys().unwrap();
    until(|| asked.load(Ordering::SeqCst)).await;
    let other = keys.clone();
    drop(keys);
    until(|| other.health().failures == 1).await;
    // The task that keeps them fresh has held them, too.
    hand.advance(Duration::from_secs(1));
    until(|| other.health().failures == 2).await;
    assert!(watched.upgrade().is_some());
    drop(other);
    until(|| watched.upgrade().is_none()).await;
    let metrics = tokio::runtime::Handle::current().metrics();
    until(|| metrics.num_alive_tasks() == 1).await;
    drop(provider);
}

/// Where nobody can be asked any more, a token with an unknown key is not judged.
#[test]
fn without_a_runtime_a_new_key_is_503_and_no_panic() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let starting = tokio::runtime::Runtime::new().unwrap();
    let (service, issuer) = starting.block_on(async {
        let provider = Provider::with(&[&old]).await;
        (Service::of(&provider).await, provider.issuer())
    });
    drop(starting);
    let mut waiting = pin!(async {
        assert!(service.admits(&old.token(&issuer)).await);
        service.cannot_judge(&new.token(&issuer)).await;
    });
    let polled = waiting
        .as_mut()
        .poll(&mut Context::from_waker(Waker::noop()));
    assert!(polled.is_ready());
}

/// Keys that were fetched in a runtime that is gone, say that of a set-up, are refreshed where requests are.
#[test]
fn fetches_go_on_in_another_runtime() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let serving = tokio::runtime::Runtime::new().unwrap();
    let provider = serving.block_on(Provider::with(&[&old]));
    let starting = tokio::runtime::Runtime::new().unwrap();
    let service = starting.block_on(Service::of(&provider));
    drop(starting);
    provider.publish(&[&new]);
    serving.block_on(async {
        assert!(service.admits(&new.token(&provider.issuer())).await);
        // By use alone: nobody keeps them fresh any more.
        service.after(CACHE_TIME * 4 / 5);
        assert!(service.admits(&new.token(&provider.issuer())).await);
        provider.until_asked(KEYS, 3).await;
        service.settled(0).await;
    });
}
