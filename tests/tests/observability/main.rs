//! The schema of events and metrics: what each request leaves, and that the page about it says the same.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod cases;
mod hostile;
mod page;
mod providers;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use auth_core::{
    AuthState, Bearer, BearerToken, Cause, Clock, FnVerifier, Settings, Verified, requires_auth,
};
use auth_tests::app::{App, Pace};
use auth_tests::observed::{Seen, logged, measured};
use auth_tests::request::post;
use auth_tests::{servers, tokens};
use axum::body::Body;
use http::{Request, Response};
use metrics_util::debugging::DebuggingRecorder;
use tracing::Level;

use cases::{AUTHORIZATION, Case, admissions, case, refusals};

fn app(admitted_events: bool) -> Arc<App> {
    let settings = auth_tests::app::settings().with_admitted_events(admitted_events);
    App::with_settings(Pace::Awaiting, settings)
}

async fn answer(server: &servers::Server, case: &Case) -> (Response<Body>, Vec<Seen>) {
    let fields: Vec<_> = case
        .fields
        .iter()
        .map(|(name, value)| (*name, value.as_bytes()))
        .collect();
    let (request, _) = post(&format!("/{}", case.handler), &fields, "{}");
    let (answer, seen) = logged(server.answer(request)).await;
    assert_eq!(
        answer.status(),
        case.status,
        "{} {}",
        server.name,
        case.handler
    );
    (answer, seen)
}

/// What was measured of decisions: the looks of verifiers into their memory are another matter.
fn decisions(recorder: &DebuggingRecorder) -> BTreeMap<String, Vec<f64>> {
    let mut measured = measured(recorder);
    measured.retain(|metric, _| !metric.starts_with("auth_token_cache_"));
    measured
}

/// What auth-core logged, spans or events.
fn ours(seen: &[Seen], spans: bool) -> Vec<&Seen> {
    let ours = |seen: &&Seen| seen.target == "auth_core" && seen.span == spans;
    seen.iter().filter(ours).collect()
}

fn fields<'f>(fields: &[(&'static str, &'f str)]) -> BTreeMap<&'static str, &'f str> {
    fields.iter().copied().collect()
}

fn borrowed(seen: &Seen) -> BTreeMap<&'static str, &str> {
    let fields = seen.fields.iter();
    fields
        .map(|(name, value)| (*name, value.as_str()))
        .collect()
}

#[tokio::test(flavor = "current_thread")]
async fn every_cause_has_its_word_in_metrics_and_events() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    for server in servers::all(&app(false)) {
        for case in refusals() {
            let (answer, seen) = answer(&server, &case).await;
            let place = format!("{} {} {}", server.name, case.handler, case.reason);

            let mut found = decisions(&recorder);
            let duration = format!(
                "auth_authentication_duration_seconds{{scheme={:?},outcome={:?}}}",
                case.scheme, case.outcome
            );
            assert_eq!(found.remove(&duration), Some(vec![0.0]), "{place}");
            assert_eq!(found, case.counts(), "{place}");

            let events = ours(&seen, false);
            let [event] = events[..] else {
                panic!("{place}: {events:?}");
            };
            let (policy, status) = (
                format!("auth_tests::app::{}", case.handler),
                case.status.to_string(),
            );
            let mut expected = fields(&[
                ("policy", &policy),
                ("scheme", case.scheme),
                ("status", &status),
                ("reason", case.reason),
                ("cause", case.cause),
            ]);
            expected.extend(case.needed.map(|needed| ("needed", needed)));
            assert_eq!(borrowed(event), expected, "{place}");
            assert_eq!(event.name, "refused", "{place}");
            let level = match case.status {
                503 => Level::WARN,
                500.. => Level::ERROR,
                _ => Level::INFO,
            };
            assert_eq!(event.level, level, "{place}");

            let cause = answer.extensions().get::<Cause>().unwrap();
            assert_eq!(cause.reason(), case.reason, "{place}");
        }
    }
}

#[tokio::test(flavor = "current_thread")]
async fn an_admitted_request_is_counted_always_and_told_on_request() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    for told in [false, true] {
        for server in servers::all(&app(told)) {
            for case in admissions() {
                let (_, seen) = answer(&server, &case).await;
                let place = format!("{} {} {told}", server.name, case.handler);
                let mut found = decisions(&recorder);
                let duration = format!(
                    "auth_authentication_duration_seconds{{scheme={:?},outcome={:?}}}",
                    case.scheme, case.outcome
                );
                assert_eq!(found.remove(&duration), Some(vec![0.0]), "{place}");
                assert_eq!(found, case.counts(), "{place}");

                let events = ours(&seen, false);
                if !told {
                    assert!(events.is_empty(), "{place}: {events:?}");
                    continue;
                }
                let [event] = events[..] else {
                    panic!("{place}: {events:?}");
                };
                let policy = format!("auth_tests::app::{}", case.handler);
                let anonymous = (case.outcome == "anonymous").to_string();
                let expected = fields(&[
                    ("policy", &policy),
                    ("scheme", case.scheme),
                    ("anonymous", &anonymous),
                ]);
                assert_eq!(borrowed(event), expected, "{place}");
                assert_eq!(
                    (&*event.name, event.level),
                    ("admitted", Level::INFO),
                    "{place}"
                );
            }
        }
    }
}

/// The handler's own condition: the request was admitted before, and is refused then.
#[tokio::test(flavor = "current_thread")]
async fn a_refusal_by_permit_is_a_refusal_and_no_second_authentication() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    let token = tokens::of(&tokens::claims_but("sub", "eve".into()));
    let fields = [(AUTHORIZATION, &*format!("Bearer {token}"))];
    for server in servers::all(&app(false)) {
        let case = Case {
            status: 403,
            ..case("permitted", &fields)
        };
        let (_, seen) = answer(&server, &case).await;
        let mut found = decisions(&recorder);
        found.retain(|metric, _| metric.contains("_total"));
        let expected = [
            r#"auth_authentications_total{scheme="Bearer",outcome="admitted",reason="none"}"#,
            r#"auth_refusals_total{status="403",reason="forbidden"}"#,
        ];
        assert_eq!(
            found,
            expected.map(|metric| (metric.to_owned(), vec![1.0])).into()
        );
        let events = ours(&seen, false);
        assert_eq!(events.len(), 1, "{events:?}");
        assert_eq!(events[0].fields["reason"], "forbidden");
    }
}

#[tokio::test(flavor = "current_thread")]
async fn open_handlers_leave_nothing() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    for server in servers::all(&app(true)) {
        let (_, seen) = answer(&server, &case("health", &[])).await;
        assert!(
            ours(&seen, false).is_empty() && ours(&seen, true).is_empty(),
            "{seen:?}"
        );
        assert!(decisions(&recorder).is_empty());
    }
}

#[derive(AuthState)]
struct Slow {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, ()>,
    #[auth(settings)]
    settings: Settings,
}

/// A verifier that takes two seconds, and logs.
fn slow() -> Slow {
    let (clock, hand) = Clock::manual(tokens::NOW);
    Slow {
        tokens: FnVerifier::new(move |_: BearerToken<'_>| {
            tracing::info!("asking the database");
            hand.advance(Duration::from_secs(2));
            Ok(Verified::new(()))
        }),
        settings: Settings::new().with_clock(clock),
    }
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn slowly(_request: Request<Body>) -> Response<Body> {
    Response::default()
}

fn opaque() -> Request<Body> {
    let request = Request::get("/").header("authorization", "Bearer opaque");
    request.body(Body::empty()).unwrap()
}

#[tokio::test(flavor = "current_thread")]
async fn the_duration_is_that_of_the_verifier() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    auth_core::http::Guarded::new(Arc::new(slow()), slowly)
        .call(opaque())
        .await;
    let metric = r#"auth_authentication_duration_seconds{scheme="Bearer",outcome="admitted"}"#;
    assert_eq!(decisions(&recorder)[metric], [2.0]);
}

#[tokio::test(flavor = "current_thread")]
async fn what_a_verifier_logs_is_within_the_span_of_its_policy_and_scheme() {
    let slow = auth_core::http::Guarded::new(Arc::new(slow()), slowly);
    let (_, seen) = logged(slow.call(opaque())).await;
    let [span] = ours(&seen, true)[..] else {
        panic!("{seen:?}");
    };
    assert_eq!((&*span.name, span.level), ("auth", Level::DEBUG));
    let expected = fields(&[("policy", "observability::slowly"), ("scheme", "Bearer")]);
    assert_eq!(borrowed(span), expected);
    let inside = seen
        .iter()
        .find(|seen| seen.name == "asking the database")
        .unwrap();
    assert_eq!(inside.within, ["auth"]);
}
