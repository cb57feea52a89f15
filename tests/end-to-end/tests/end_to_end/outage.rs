//! The provider is stopped, and started again.

use std::time::Duration;

use auth_core::introspection::BreakerState;
use auth_end_to_end::provider::{AUDIENCE, OPAQUE, Provider};
use auth_end_to_end::service::{ACTIVE_TIME, CACHE_TIME, COOLDOWN, MAX_STALE, Plan, Service};

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j18_known_keys_go_on_working_for_the_maximum_then_503_then_recovery() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    let [known, unseen] = [
        provider.token(AUDIENCE).await,
        provider.token(AUDIENCE).await,
    ];
    service.orders(&known).await.is_admitted();
    provider.rotate().await;
    let unknown = provider.token(AUDIENCE).await;

    provider.stop().await;
    let quickly = Duration::from_secs(5); // half the deadline of a request to the provider
    let answer = tokio::time::timeout(quickly, service.orders(&unknown)).await;
    assert_eq!(answer.unwrap().is_not_judged(), 1);
    // However many come, also after the time between two unknown keys: the provider is left alone.
    for (pause, failures) in [(0, 1), (COOLDOWN, 2)] {
        service.after(pause);
        service.has_failed(failures).await;
        for _ in 0..50 {
            service.orders(&unknown).await.is_not_judged();
        }
        assert_eq!(service.keys.health().failures, failures);
    }
    service.orders(&known).await.is_admitted();
    service.after(CACHE_TIME + MAX_STALE - COOLDOWN - 1);
    service.has_failed(3).await;
    service.orders(&known).await.is_admitted();
    // One that is in no cache.
    service.orders(&unseen).await.is_admitted();
    service.after(1);
    for token in [&known, &unseen, &unknown] {
        service.orders(token).await.is_not_judged();
    }

    provider.start().await;
    for token in [&unknown, &known, &unseen] {
        service.recovers(token).await;
    }
    let health = service.keys.health();
    assert!(health.usable && health.last_error.is_none(), "{health:?}");
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j18_a_service_that_started_without_the_provider_takes_tokens_once_it_is_there() {
    let provider = Provider::fresh().await;
    let token = provider.token(AUDIENCE).await;
    provider.stop().await;
    let service = Service::start(Plan {
        waits: false,
        ..Plan::of(&provider)
    })
    .await;
    service.orders(&token).await.is_not_judged();
    provider.start().await;
    service.recovers(&token).await;
}

/// I-5: 503, not 401; what was cached lasts as long as it may; JWTs are not concerned.
#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn i5_opaque_tokens_cannot_be_judged_until_the_provider_is_back() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    let [known, unseen] = [provider.token(OPAQUE).await, provider.token(OPAQUE).await];
    let jwt = provider.token(AUDIENCE).await;
    service.orders(&known).await.is_admitted();

    provider.stop().await;
    service.orders(&known).await.is_admitted();
    service.orders(&unseen).await.is_not_judged();
    service.after(ACTIVE_TIME);
    // Until no calls are made any more.
    auth_end_to_end::until("the breaker opens", async || {
        service.orders(&known).await.is_not_judged();
        service.opaque.health().breaker != BreakerState::Closed
    })
    .await;
    let calls = service.opaque.health().calls;
    for _ in 0..50 {
        service.orders(&unseen).await.is_not_judged();
    }
    assert_eq!(service.opaque.health().calls, calls);
    service.orders(&jwt).await.is_admitted();

    provider.start().await;
    for token in [&unseen, &known] {
        service.recovers(token).await;
    }
}
