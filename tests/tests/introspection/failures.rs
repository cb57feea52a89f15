//! An endpoint that does not answer, or not as it should (I-5, V9, V24): 503, never 401, never a pass, never remembered.

use std::time::Duration;

use auth_core::Cause;
use auth_core::introspection::{BreakerLimits, BreakerState};
use auth_core::outbound::PlainHttp;
use auth_tests::introspector::{Introspector, active, active_but};
use bytes::Bytes;
use http::Response;
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::{Service, TOKEN, Told, builder};

const fn s(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// A service whose breaker stays out of the way.
fn patient() -> Service {
    Service::with(|it| it.with_breaker(BreakerLimits::default().with_failures(u32::MAX)))
}

/// 503, without a challenge: the token was not judged.
fn unavailable(told: &Told, why: &str) {
    assert_eq!(told.status, 503, "{told:?}");
    assert_eq!(told.challenge, "", "{told:?}");
    assert!(told.retry_after.is_some(), "{told:?}");
    assert!(told.body.contains("temporarily_unavailable"), "{told:?}");
    assert!(told.detail().contains(why), "{told:?}");
}

/// 500: nothing that the client could do about it.
fn not_configured(told: &Told) {
    assert_eq!(
        (told.status, told.challenge.as_str()),
        (500, ""),
        "{told:?}"
    );
    assert!(told.body.contains("server_error"), "{told:?}");
    assert!(
        matches!(told.cause, Some(Cause::NotConfigured(_))),
        "{told:?}"
    );
    assert!(told.detail().contains("check the client's id"), "{told:?}");
}

#[tokio::test]
async fn i5_v9_every_other_status_is_503_and_is_not_remembered() {
    let service = patient();
    // Whatever the body says.
    let body = active().to_string();
    for status in [
        201, 202, 204, 206, 400, 404, 405, 408, 413, 429, 500, 502, 503, 504,
    ] {
        service.endpoint.says_text(status, body.clone());
        let told = service.get("/plain", TOKEN).await;
        unavailable(&told, &format!("it answers {status}"));
    }
    for status in [300, 301, 302, 303, 307, 308] {
        service.endpoint.says_text(status, body.clone());
        unavailable(&service.get("/plain", TOKEN).await, "redirects");
    }
    service.endpoint.says_text(304, body);
    unavailable(&service.get("/plain", TOKEN).await, "it answers 304");
    service.endpoint.says(&active());
    assert_eq!(service.status(TOKEN).await, 200);
}

#[tokio::test]
async fn i5_v9_an_unreadable_answer_is_503_and_is_not_remembered() {
    let service = patient();
    let many = [
        "",
        " ",
        "null",
        "true",
        "\"active\"",
        "[]",
        r#"[{"active":true,"sub":"ada"}]"#,
        r#"{"active":true,"sub":"ada""#,
        r#"{"active":true,"sub":"ada"}{}"#,
        r#"{"active":true,"sub":"ada"} x"#,
        "{active:true}",
        "active=true",
        "<html>",
        "eyJhbGciOiJub25lIn0.e30.",
        "\u{feff}{}",
    ];
    for body in many {
        service.endpoint.says_text(200, body);
        unavailable(&service.get("/plain", TOKEN).await, "not one JSON object");
    }
    let not_utf8 = Bytes::from_static(b"{\"active\":true,\"sub\":\"\xff\"}");
    service.endpoint.says_text(200, not_utf8);
    unavailable(&service.get("/plain", TOKEN).await, "not one JSON object");
    service.endpoint.says_text(200, "[".repeat(100_000));
    unavailable(&service.get("/plain", TOKEN).await, "not one JSON object");
    service.endpoint.says(&active());
    assert_eq!(service.status(TOKEN).await, 200);
}

#[tokio::test]
async fn v24_an_answer_too_long_is_503_wherever_it_comes_from() {
    let long = active_but("x", json!("x".repeat(300 * 1024)));
    let fits = active_but("x", json!("x".repeat(200 * 1024)));
    let endpoint = Introspector::default();
    let address = endpoint.listen().await;
    let real = builder(&address).with_plain_http(PlainHttp::OnLoopback);
    for service in [patient(), Service::of(endpoint, real)] {
        service.endpoint.says(&long);
        unavailable(
            &service.get("/plain", TOKEN).await,
            "longer than 262144 octets",
        );
        service.endpoint.says(&fits);
        assert_eq!(service.status(TOKEN).await, 200);
    }
}

#[tokio::test]
async fn i5_that_the_endpoint_turns_us_away_is_our_error_and_no_401() {
    let service = patient();
    for (status, body) in [
        (401, "{}"),
        (401, r#"{"active":true,"sub":"ada"}"#),
        (403, ""),
        (400, r#"{"error":"invalid_client"}"#),
        (
            400,
            r#"{"error":"unauthorized_client","error_description":"x"}"#,
        ),
    ] {
        service.endpoint.says_text(status, body);
        not_configured(&service.get("/plain", TOKEN).await);
    }
    service.endpoint.says(&active());
    assert_eq!(service.status(TOKEN).await, 200);
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
async fn v4_no_redirect_is_followed() {
    let (endpoint, elsewhere) = (Introspector::default(), Introspector::default());
    let other = elsewhere.listen().await;
    endpoint.answers_by(move |_| {
        let answer = Response::builder().status(307).header("location", &other);
        answer.body(Bytes::new()).unwrap()
    });
    let address = endpoint.listen().await;
    let real = builder(&address).with_plain_http(PlainHttp::OnLoopback);
    let service = Service::of(endpoint, real);
    unavailable(&service.get("/plain", TOKEN).await, "redirects");
    assert_eq!((service.endpoint.calls(), elsewhere.calls()), (1, 0));
}

#[tokio::test]
async fn i5_an_unreachable_endpoint_is_503() {
    // A port on which nobody listens any more.
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    drop(listener);
    let real = builder(&address).with_plain_http(PlainHttp::OnLoopback);
    let service = Service::of(Introspector::default(), real);
    unavailable(&service.get("/plain", TOKEN).await, "not reachable");
}

/// An endpoint that sends these octets, and then nothing or the end.
async fn raw(octets: &'static str, hangs: bool) -> String {
    let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let _ = stream.read(&mut [0; 4096]).await;
            let _ = stream.write_all(octets.as_bytes()).await;
            if hangs {
                std::future::pending::<()>().await;
            }
            // The end, in order: a connection closed with something unread is reset.
            let _ = stream.shutdown().await;
            let _ = stream.read_to_end(&mut Vec::new()).await;
        }
    });
    address
}

#[tokio::test]
async fn i5_v9_broken_and_hanging_connections_are_503() {
    let half = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{\"active\":true,\"sub\":\"ada\"}";
    let unlimited = "HTTP/1.1 200 OK\r\n\r\n{\"active\":true,\"sub\":\"ada\"";
    for (octets, hangs, why) in [
        ("", false, "not reachable"),
        ("SSH-2.0-OpenSSH\r\n", false, "not reachable"),
        ("HTTP/1.1 200 OK\r\n", false, "not reachable"),
        (half, false, "not reachable"),
        (unlimited, false, "not one JSON object"),
        ("", true, "no answer within 50ms"),
        ("HTTP/1.1 200 OK\r\n", true, "no answer within 50ms"),
        (half, true, "no answer within 50ms"),
    ] {
        let address = raw(octets, hangs).await;
        let real = builder(&address)
            .with_plain_http(PlainHttp::OnLoopback)
            .with_deadline(Duration::from_millis(50));
        // The deadline is that of the machine; however slow it is, the answer is the same.
        let real = if hangs {
            real
        } else {
            real.with_deadline(s(60))
        };
        let service = Service::of(Introspector::default(), real);
        unavailable(&service.get("/plain", TOKEN).await, why);
    }
}

#[tokio::test(start_paused = true)]
async fn i5_the_deadline_holds_for_the_whole_call() {
    for (deadline, seconds) in [(None, 2), (Some(s(7)), 7)] {
        let service = Service::with(|it| match deadline {
            Some(deadline) => it.with_deadline(deadline),
            None => it,
        });
        service.endpoint.hold();
        let begin = tokio::time::Instant::now();
        let told = service.get("/plain", TOKEN).await;
        unavailable(&told, &format!("no answer within {seconds}s"));
        assert_eq!(begin.elapsed().as_secs(), seconds);
        assert_eq!(service.health().under_way, 0);
        service.endpoint.release();
        assert_eq!(service.status(TOKEN).await, 200);
    }
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

/// `Claims` that do not survive being read.
#[derive(Clone)]
struct Panics;

impl<'de> serde::Deserialize<'de> for Panics {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("of a test")
    }
}

#[tokio::test]
async fn v9_claims_that_panic_leave_nobody_waiting() {
    use auth_core::{AuthState, Authenticated, requires_auth};
    #[derive(AuthState)]
    struct App {
        #[auth(Bearer)]
        tokens: auth_core::Introspection<Panics>,
    }
    #[requires_auth(scheme = "Bearer", realm = "API")]
    async fn plain(_user: Authenticated<Panics>) {}

    let endpoint = Introspector::default();
    let tokens = auth_core::Introspection::builder(
        super::ENDPOINT,
        auth_core::introspection::ClientAuth::basic(
            "orders",
            auth_core::Secret::new("hunter2".to_owned()),
        ),
        auth_core::jwt::Audience::new(auth_tests::tokens::AUDIENCE),
        auth_core::Revocation::None,
    );
    let clock = auth_core::Clock::manual(auth_tests::tokens::NOW).0;
    let tokens = tokens
        .with_client(endpoint)
        .with_clock(clock)
        .build()
        .unwrap();
    let app = App {
        tokens: tokens.clone(),
    };
    let router = axum::Router::new()
        .route("/", axum::routing::get(plain))
        .with_state(std::sync::Arc::new(app));
    let request = http::Request::get("/")
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let answer = tower::ServiceExt::oneshot(router, request).await.unwrap();
    unavailable(&super::told(answer).await, "ended without a result");
    assert_eq!(tokens.health().under_way, 0);
}
