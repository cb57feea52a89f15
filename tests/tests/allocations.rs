//! What decisions allocate with the features `metrics` and `tracing` on: nothing of their own. Counted for each
//! thread, so exact whatever else runs.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use auth_core::{
    ApiKey, ApiKeyCredentials, AuthState, Authenticated, Bearer, BearerToken, Cause, FnVerifier,
    RequestView, Verified, auth_policy,
};
use http::Request;
use metrics::{
    Counter, Gauge, Histogram, Key, KeyName, Metadata, Recorder, SharedString, Unit,
    with_local_recorder,
};

#[auth_policy(any(Bearer(realm = "API"), ApiKey(realm = "API", header = "X-API-Key")))]
struct Api;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, String>,
}

fn app() -> App {
    let ada = Arc::new("ada".to_owned());
    let same = Arc::clone(&ada);
    App {
        tokens: FnVerifier::new(move |token: BearerToken<'_>| match token.expose() {
            "good" => Ok(Verified::shared(Arc::clone(&ada))),
            _ => Err(Cause::InvalidCredentials),
        }),
        keys: FnVerifier::new(move |_: ApiKeyCredentials<'_>| {
            Ok(Verified::shared(Arc::clone(&same)))
        }),
    }
}

/// What one decision allocates, once its metrics are known, and whether it admits.
fn allocated(app: &App, request: &Request<()>) -> (u64, bool) {
    let decide = || {
        let view = RequestView::of(request);
        let decision = pin!(auth_core::http::check::<Api, Authenticated<String>, _>(
            app, view
        ));
        match decision.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(decision) => decision.is_ok(),
            Poll::Pending => panic!("these verifiers answer at once"),
        }
    };
    decide();
    let mut admitted = false;
    let allocations = allocation_counter::measure(|| admitted = decide());
    (allocations.count_total, admitted)
}

/// Both schemes admitted; nothing presented, and a wrong token.
fn each_decision_allocates_nothing() {
    let app = app();
    for (field, value, admitted) in [
        ("authorization", "Bearer good", true),
        ("x-api-key", "key", true),
        ("accept", "*/*", false),
        ("authorization", "Bearer wrong", false),
    ] {
        let request = Request::get("/").header(field, value).body(()).unwrap();
        assert_eq!(allocated(&app, &request), (0, admitted), "{field}: {value}");
    }
}

#[test]
fn allocations_are_counted() {
    let counted = allocation_counter::measure(|| drop(std::hint::black_box(Box::new(1))));
    assert_eq!(counted.count_total, 1);
}

#[test]
fn without_a_recorder_and_a_subscriber() {
    each_decision_allocates_nothing();
}

/// A recorder that keeps nothing, and allocates nothing.
struct Forgetful;

impl Recorder for Forgetful {
    fn describe_counter(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_gauge(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}
    fn describe_histogram(&self, _: KeyName, _: Option<Unit>, _: SharedString) {}

    fn register_counter(&self, _: &Key, _: &Metadata<'_>) -> Counter {
        Counter::noop()
    }

    fn register_gauge(&self, _: &Key, _: &Metadata<'_>) -> Gauge {
        Gauge::noop()
    }

    fn register_histogram(&self, _: &Key, _: &Metadata<'_>) -> Histogram {
        Histogram::noop()
    }
}

#[test]
fn with_a_recorder() {
    with_local_recorder(&Forgetful, each_decision_allocates_nothing);
}
