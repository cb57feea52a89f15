//! Calls are held back while the endpoint is down, and only then (I-5).

use std::future::Future as _;
use std::time::Duration;

use auth_core::introspection::{BreakerLimits, BreakerState, IntrospectionBuilder};
use auth_tests::introspector::{Asked, active};
use http::Response;

use super::failures::{not_configured, unavailable};
use super::{Service, TOKEN};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// Whether the endpoint was asked about a token that no test has sent.
fn is_probe(asked: &Asked) -> bool {
    let token = &asked.form["token"];
    // 32 octets of base64url.
    token.len() == 43 && !token.contains("odd")
}

#[tokio::test]
async fn i5_held_back_calls_tell_the_error_of_the_probe() {
    let service = Service::with(|it| it.with_breaker(BreakerLimits::default().with_failures(1)));
    service.endpoint.says_text(401, "");
    for _ in 0..3 {
        not_configured(&service.get("/plain", TOKEN).await);
    }
    // One about the token, and one probe.
    assert_eq!(service.endpoint.calls(), 2);
    assert!(is_probe(&service.endpoint.last()));
}

#[tokio::test]
async fn i5_the_breaker_opens_tries_and_recovers_by_itself() {
    let limits = BreakerLimits::default()
        .with_failures(3)
        .with_pause(s(10))
        .with_longest_pause(s(15));
    let service = Service::with(|it| it.with_breaker(limits));
    assert_eq!(service.status("known").await, 200);
    service.hand.advance(s(10));
    service.endpoint.says_text(500, "");
    let ask = async |token: &str| {
        let told = service.get("/plain", token).await;
        (told.status, told.retry_after, service.endpoint.calls() - 1)
    };
    let told = |retry: &str, calls| (503, Some(retry.to_owned()), calls);
    for calls in 1..=4 {
        assert_eq!(ask(TOKEN).await, told("1", calls));
        assert_eq!(is_probe(&service.endpoint.last()), calls == 4);
    }
    assert_eq!(service.health().breaker, BreakerState::Open(s(10)));
    // At once, without a call; what is known goes on working.
    service.hand.advance(s(4));
    assert_eq!(ask(TOKEN).await, told("6", 4));
    assert_eq!(ask("another").await, told("6", 4));
    assert_eq!(ask("known").await, (200, None, 4));
    let health = service.health();
    assert_eq!((health.calls, health.failures, health.held_back), (5, 4, 2));
    assert_eq!(health.last_failure.as_deref(), Some("it answers 500"));
    // A probe fails: the next pause is longer.
    service.hand.advance(s(6));
    assert_eq!(ask(TOKEN).await, told("1", 5));
    assert!(is_probe(&service.endpoint.last()));
    assert_eq!(service.health().breaker, BreakerState::Open(s(15)));
    service.hand.advance(s(14));
    assert_eq!(ask(TOKEN).await, told("1", 5));
    // One probe tries; meanwhile nobody else asks. Whoever began it asks then.
    service.hand.advance(s(1));
    service.endpoint.says(&active());
    service.endpoint.hold();
    let trial = async {
        let told = service.get("/plain", TOKEN).await;
        assert_eq!(told.status, 200);
    };
    let meanwhile = async {
        while service.endpoint.calls() < 7 {
            tokio::task::yield_now().await;
        }
        let health = service.health();
        assert_eq!(health.breaker, BreakerState::HalfOpen);
        assert_eq!(health.under_way, 1);
        assert_eq!(ask("another").await, told("1", 6));
        service.endpoint.release();
    };
    tokio::join!(trial, meanwhile);
    assert_eq!(service.health().breaker, BreakerState::Closed);
    assert_eq!(service.endpoint.last().form["token"], TOKEN);
    assert_eq!(ask("another").await, (200, None, 8));
}

/// Whoever began a probe may leave: it goes on, and decides.
#[tokio::test]
async fn i5_a_probe_outlives_the_request_that_began_it() {
    let service = Service::with(|it| it.with_breaker(BreakerLimits::default().with_failures(1)));
    service.endpoint.says_text(500, "");
    assert_eq!(service.status(TOKEN).await, 503);
    service.endpoint.says(&active());
    service.endpoint.hold();
    let mut request = Box::pin(service.get("/plain", TOKEN));
    let waker = std::task::Waker::noop();
    let mut context = std::task::Context::from_waker(waker);
    assert!(request.as_mut().poll(&mut context).is_pending());
    drop(request);
    while service.endpoint.calls() < 2 {
        tokio::task::yield_now().await;
    }
    service.endpoint.release();
    while service.health().breaker != BreakerState::Closed {
        tokio::task::yield_now().await;
    }
    assert_eq!(service.status(TOKEN).await, 200);
}

/// The endpoint fails about the tokens of one client, in a way that looks as if it were down, and knows all others.
#[tokio::test]
async fn i5_who_makes_the_endpoint_fail_cuts_nobody_off() {
    let refuses = |status: u16, body: &'static [u8]| {
        move |asked: &Asked| {
            let odd = asked.form["token"].starts_with("odd");
            let (status, body) = if odd {
                (status, body.into())
            } else {
                (200, active().to_string().into())
            };
            Response::builder().status(status).body(body).unwrap()
        }
    };
    for (status, body) in [
        (500, &b""[..]),
        (429, b""),
        (403, b""),
        (401, b""),
        (200, b"{\"active\":true,\"sub\":\"\xff\"}"),
    ] {
        let service = Service::with(IntrospectionBuilder::without_cache);
        service.endpoint.answers_by(refuses(status, body));
        for round in 0..100 {
            // As many as it takes, from the first moment on; then all the time.
            for n in 0..5 {
                let odd = service.status(&format!("odd-{round}-{n}")).await;
                assert!(odd >= 500, "{status} {odd}");
            }
            assert_eq!(service.status(TOKEN).await, 200, "{status} {round}");
            service.hand.advance(s(round % 7));
        }
        assert_eq!(service.health().breaker, BreakerState::Closed);
        assert_eq!(service.health().held_back, 0, "{status}");
    }
}

/// The failures of others are nothing that the configuration of this service could mend.
#[tokio::test(start_paused = true)]
async fn i5_held_back_is_500_only_if_the_probe_was_turned_away() {
    let service = Service::with(|it| it.with_breaker(BreakerLimits::default().with_failures(2)));
    service.endpoint.says_text(403, "");
    for token in ["odd", "odder"] {
        not_configured(&service.get("/plain", token).await);
    }
    // The probe is not answered at all.
    service.endpoint.hold();
    unavailable(&service.get("/plain", TOKEN).await, "no answer");
    unavailable(&service.get("/plain", TOKEN).await, "held back");
    service.endpoint.release();
    service.hand.advance(s(5));
    for _ in 0..2 {
        not_configured(&service.get("/plain", TOKEN).await);
    }
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
