//! Calls are held back while the endpoint is down, and only then (I-5).

use std::time::Duration;

use auth_core::introspection::{BreakerLimits, BreakerState};
use auth_tests::introspector::active;
use http::Response;

use super::failures::not_configured;
use super::{Service, TOKEN};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

#[tokio::test]
async fn i5_held_back_calls_tell_the_same_error() {
    let service = Service::with(|it| it.with_breaker(BreakerLimits::default().with_failures(1)));
    service.endpoint.says_text(401, "");
    for _ in 0..3 {
        not_configured(&service.get("/plain", TOKEN).await);
    }
    assert_eq!(service.endpoint.calls(), 1);
}

#[tokio::test]
async fn i5_the_breaker_opens_tries_and_recovers_by_itself() {
    let limits = BreakerLimits::default()
        .with_failures(3)
        .with_pause(s(10))
        .with_longest_pause(s(15));
    let service = Service::with(|it| it.with_breaker(limits));
    assert_eq!(service.status("known").await, 200);
    service.endpoint.says_text(500, "");
    let ask = async |token: &str| {
        let told = service.get("/plain", token).await;
        (told.status, told.retry_after, service.endpoint.calls() - 1)
    };
    let told = |retry: &str, calls| (503, Some(retry.to_owned()), calls);
    for calls in 1..=3 {
        assert_eq!(ask(TOKEN).await, told("1", calls));
    }
    assert_eq!(service.health().breaker, BreakerState::Open(s(10)));
    // At once, without a call; what is known goes on working.
    service.hand.advance(s(4));
    assert_eq!(ask(TOKEN).await, told("6", 3));
    assert_eq!(ask("another").await, told("6", 3));
    assert_eq!(ask("known").await, (200, None, 3));
    let health = service.health();
    assert_eq!((health.calls, health.failures, health.held_back), (4, 3, 2));
    assert_eq!(health.last_failure.as_deref(), Some("it answers 500"));
    // One call tries, and fails: the next pause is longer.
    service.hand.advance(s(6));
    assert_eq!(ask(TOKEN).await, told("1", 4));
    assert_eq!(service.health().breaker, BreakerState::Open(s(15)));
    service.hand.advance(s(14));
    assert_eq!(ask(TOKEN).await, told("1", 4));
    // One call tries; meanwhile nobody else asks.
    service.hand.advance(s(1));
    service.endpoint.says(&active());
    service.endpoint.hold();
    let trial = async {
        let told = service.get("/plain", TOKEN).await;
        assert_eq!(told.status, 200);
    };
    let meanwhile = async {
        while service.endpoint.calls() < 6 {
            tokio::task::yield_now().await;
        }
        assert_eq!(service.health().breaker, BreakerState::HalfOpen);
        assert_eq!(ask("another").await, told("1", 5));
        service.endpoint.release();
    };
    tokio::join!(trial, meanwhile);
    assert_eq!(service.health().breaker, BreakerState::Closed);
    assert_eq!(ask("another").await, (200, None, 6));
}

#[tokio::test]
async fn i5_odd_tokens_do_not_cut_the_others_off() {
    let service = Service::with(|it| it.with_breaker(BreakerLimits::default().with_failures(2)));
    service.endpoint.answers_by(|asked| {
        let (status, body) = match asked.form["token"].as_str() {
            TOKEN => (200, active().to_string()),
            "doubled" => (200, r#"{"active":true,"active":true}"#.to_owned()),
            _ => (400, r#"{"error":"invalid_request"}"#.to_owned()),
        };
        let answer = Response::builder().status(status);
        answer.body(body.into()).unwrap()
    });
    for n in 0..10 {
        assert_eq!(service.status(&format!("odd-{n}")).await, 503);
        assert_eq!(service.status("doubled").await, 401);
    }
    assert_eq!(service.health().breaker, BreakerState::Closed);
    assert_eq!(service.status(TOKEN).await, 200);
}
