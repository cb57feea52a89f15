//! What decisions allocate with the features `metrics` and `tracing` on: nothing of their own; Digest a bounded number of
//! small things. Counted for each thread, so exact whatever else runs.

#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::{
    Accepts, ApiKey, ApiKeyCredentials, AuthState, Authenticated, Bearer, BearerToken, Cause,
    DigestAlgorithm, FnVerifier, Policy, RequestView, Verified, auth_policy,
};
use auth_tests::digest::{Client, challenges};
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

#[auth_policy(scheme = "Digest", realm = "API")]
struct Digested;

#[auth_policy(
    scheme = "Digest",
    realm = "API",
    algorithm = "SHA-256, SHA-512-256, MD5"
)]
struct ThreeAlgorithms;

#[derive(AuthState)]
struct Users {
    #[auth(Digest)]
    users: DigestVerifier<DigestUserList<String>>,
}

fn users() -> Users {
    let kind = ("API", DigestAlgorithm::Sha256);
    let list = DigestUserList::builder([kind])
        .user("Mufasa", "Circle of Life", "Mufasa".to_owned())
        .unwrap();
    let secret = NonceSecret::new([7; 32]).unwrap();
    let users = DigestVerifier::builder(list.build().unwrap(), secret);
    Users {
        users: users.build().unwrap(),
    }
}

/// What deciding about a request allocates, in number and octets, and the outcome.
fn digested<P>(users: &Users, field: Option<Vec<u8>>) -> (u64, u64, Result<(), auth_core::Refusal>)
where
    P: Policy<Accepts: Accepts<Users, Authenticated<String>>>,
{
    let mut request = Request::new(());
    if let Some(field) = field {
        let field = field.try_into().unwrap();
        request.headers_mut().insert("authorization", field);
    }
    let mut decided = None;
    let allocations = allocation_counter::measure(|| {
        let check = auth_core::http::check::<P, Authenticated<String>, _>;
        let decision = pin!(check(users, RequestView::of(&request)));
        decided = match decision.poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(decision) => Some(decision.map(drop)),
            Poll::Pending => panic!("this verifier answers at once"),
        };
    });
    let decided = decided.unwrap();
    (allocations.count_total, allocations.bytes_total, decided)
}

/// The first challenge, to begin with.
fn client(users: &Users) -> Client {
    let (_, _, refused) = digested::<Digested>(users, None);
    let answer = refused.unwrap_err().into_response::<bytes::Bytes>();
    Client::of(&challenges(&answer)[0], "Mufasa", "Circle of Life")
}

// One nonce and one copy for each challenge, and the list that holds them.
#[test]
fn a_challenge_of_digest_is_a_nonce_and_a_copy() {
    let users = users();
    let known = digested::<Digested>(&users, None).2;
    assert!(known.is_err());
    let (count, octets, _) = digested::<Digested>(&users, None);
    assert!(count <= 4 && octets <= 400, "{count} {octets}");
    let (count, octets, _) = digested::<ThreeAlgorithms>(&users, None);
    assert!(count <= 8 && octets <= 800, "{count} {octets}");
    // What is not found plausible costs the same.
    let mut forged = client(&users);
    forged.nonce.make_ascii_lowercase();
    let forged = || Some(forged.params().field());
    let known = digested::<Digested>(&users, forged()).2;
    assert!(known.is_err());
    let (count, octets, refused) = digested::<Digested>(&users, forged());
    assert_eq!(refused.unwrap_err().cause().reason(), "unknown_nonce");
    assert!(count <= 4 && octets <= 400, "{count} {octets}");
}

#[test]
fn an_admitted_request_of_digest_allocates_little() {
    let users = users();
    let client = client(&users);
    let sent = |nc| Some(client.clone().counting(nc).params().field());
    digested::<Digested>(&users, sent(1)).2.unwrap();
    let (count, octets, admitted) = digested::<Digested>(&users, sent(2));
    admitted.unwrap();
    assert!(count <= 2 && octets <= 64, "{count} {octets}");
    let mut wrong = client.clone().counting(3);
    wrong.password.push('!');
    let wrong = || Some(wrong.params().field());
    let known = digested::<Digested>(&users, wrong()).2;
    assert!(known.is_err());
    let (count, octets, refused) = digested::<Digested>(&users, wrong());
    assert!(
        refused.is_err() && count <= 5 && octets <= 450,
        "{count} {octets}"
    );
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
