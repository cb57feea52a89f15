//! What is remembered of tokens, and how long (I-4, V21).

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use auth_core::introspection::{ClientAuth, Introspection, IntrospectionBuilder};
use auth_core::jwt::Audience;
use auth_core::{CacheLimits, Revocation, Secret};
use auth_tests::introspector::{Introspector, active, active_but, active_without};
use auth_tests::tokens::{AUDIENCE, NOW};
use serde_json::json;

use super::{ENDPOINT, Service, TOKEN};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Moves the clock to so many seconds after the start, asks, and tells how often the endpoint was asked so far.
async fn at(service: &Service, after: u64, status: u16) -> usize {
    service.hand.set(NOW + after);
    assert_eq!(service.status(TOKEN).await, status, "after {after} s");
    service.endpoint.calls()
}

#[tokio::test]
async fn i4_an_active_token_is_remembered_up_to_the_maximum() {
    for answer in [active(), active_without(&["exp"])] {
        let service = Service::with(|it| it.with_active_time(s(60)));
        service.endpoint.says(&answer);
        assert_eq!(at(&service, 0, 200).await, 1);
        assert_eq!(at(&service, 59, 200).await, 1);
        assert_eq!(at(&service, 60, 200).await, 2);
        // From then on anew.
        assert_eq!(at(&service, 119, 200).await, 2);
        service.endpoint.says(&json!({"active": false}));
        assert_eq!(at(&service, 120, 401).await, 3);
    }
    let service = Service::new();
    assert_eq!(at(&service, 0, 200).await, 1);
    assert_eq!(at(&service, 29, 200).await, 1);
    assert_eq!(at(&service, 30, 200).await, 2);
}

#[tokio::test]
async fn i4_an_active_token_is_not_remembered_beyond_its_expiry() {
    for (leeway, status) in [(0, 401), (5, 200)] {
        let service = Service::with(|it| it.with_active_time(s(60)).with_leeway(s(leeway)));
        service.endpoint.says(&active_but("exp", json!(NOW + 10)));
        assert_eq!(at(&service, 0, 200).await, 1);
        assert_eq!(at(&service, 9, 200).await, 1);
        // What its leeway admits is asked about again.
        assert_eq!(at(&service, 10, status).await, 2);
    }
}

#[tokio::test]
async fn i4_time_runs_from_before_the_call() {
    let service = Service::with(|it| it.with_active_time(s(60)));
    service.endpoint.hold();
    let (router, hand, endpoint) = (&service, &service.hand, &service.endpoint);
    let slow = async {
        hand.set(NOW + 50);
        endpoint.release();
    };
    let (status, ()) = tokio::join!(router.status(TOKEN), async {
        while endpoint.calls() == 0 {
            tokio::task::yield_now().await;
        }
        slow.await;
    });
    assert_eq!(status, 200);
    assert_eq!(at(&service, 59, 200).await, 1);
    assert_eq!(at(&service, 60, 200).await, 2);
}

#[tokio::test]
async fn i4_a_refused_token_is_remembered_briefly() {
    let service = Service::new();
    for refused in [json!({"active": false}), active_but("aud", json!("other"))] {
        service.hand.set(NOW);
        let service = Service::new();
        service.endpoint.says(&refused);
        assert_eq!(at(&service, 0, 401).await, 1);
        service.endpoint.says(&active());
        assert_eq!(at(&service, 4, 401).await, 1);
        assert_eq!(at(&service, 5, 200).await, 2);
    }
    let service = Service::with(|it| it.with_inactive_time(Duration::ZERO));
    service.endpoint.says(&json!({"active": false}));
    assert_eq!(at(&service, 0, 401).await, 1);
    assert_eq!(at(&service, 0, 401).await, 2);
}

#[tokio::test]
async fn i4_v21_each_token_is_remembered_for_itself() {
    let service = Service::new();
    service.endpoint.answers_by(|asked| {
        let active = asked.form["token"] == TOKEN;
        let mut answer = active_but("sub", json!(asked.form["token"]));
        answer["active"] = json!(active);
        http::Response::new(answer.to_string().into())
    });
    for _ in 0..2 {
        assert_eq!(service.get("/plain", TOKEN).await.body, TOKEN);
        for other in [&TOKEN[1..], &format!("{TOKEN}="), &TOKEN.to_lowercase()] {
            assert_eq!(service.status(other).await, 401, "{other}");
        }
    }
    assert_eq!(service.endpoint.calls(), 4);
    let stats = service.health().cache.unwrap();
    assert_eq!((stats.hits, stats.misses, stats.entries), (4, 4, 4));
}

#[tokio::test]
async fn v21_verifiers_share_no_memory() {
    let (first, second) = (Service::new(), Service::new());
    second.endpoint.says(&json!({"active": false}));
    assert_eq!(
        (first.status(TOKEN).await, second.status(TOKEN).await),
        (200, 401)
    );
    assert_eq!(
        (first.status(TOKEN).await, second.status(TOKEN).await),
        (200, 401)
    );
}

#[tokio::test]
async fn i4_without_a_cache_each_request_asks() {
    let service = Service::with(IntrospectionBuilder::without_cache);
    assert_eq!(at(&service, 0, 200).await, 1);
    assert_eq!(at(&service, 0, 200).await, 2);
    assert_eq!(service.health().cache, None);
}

#[tokio::test]
async fn v24_the_memory_is_bounded() {
    let service = Service::with(|it| it.with_cache(CacheLimits::default().with_entries(50)));
    service.endpoint.says(&json!({"active": false}));
    for n in 0..500 {
        assert_eq!(service.status(&format!("guess-{n}")).await, 401);
    }
    assert!(service.health().cache.unwrap().entries <= 50);
}

#[tokio::test]
async fn v21_revocation_is_asked_about_remembered_tokens_too() {
    let revoked = Arc::new(AtomicBool::new(false));
    let rule = Arc::clone(&revoked);
    let endpoint = Introspector::default();
    let builder = Introspection::builder(
        ENDPOINT,
        ClientAuth::basic("orders", Secret::new("hunter2".to_owned())),
        Audience::new(AUDIENCE),
        Revocation::when(move |_| rule.load(Ordering::SeqCst)),
    );
    let service = Service::of(endpoint.clone(), builder.with_client(endpoint));
    assert_eq!(at(&service, 0, 200).await, 1);
    revoked.store(true, Ordering::SeqCst);
    let told = service.get("/plain", TOKEN).await;
    assert_eq!(told.status, 401);
    assert!(told.body.contains("token_revoked"), "{told:?}");
    revoked.store(false, Ordering::SeqCst);
    assert_eq!(at(&service, 0, 200).await, 1);
}
