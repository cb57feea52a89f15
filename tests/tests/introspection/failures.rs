//! An endpoint that does not answer, or not as it should (I-5, V9, V24): 503, never 401, never a pass, never remembered.

use std::time::Duration;

use auth_core::Cause;
use auth_core::introspection::BreakerLimits;
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
pub(super) fn unavailable(told: &Told, why: &str) {
    assert_eq!(told.status, 503, "{told:?}");
    assert_eq!(told.challenge, "", "{told:?}");
    assert!(told.retry_after.is_some(), "{told:?}");
    assert!(told.body.contains("temporarily_unavailable"), "{told:?}");
    assert!(told.detail().contains(why), "{told:?}");
}

/// 500: nothing that the client could do about it.
pub(super) fn not_configured(told: &Told) {
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
