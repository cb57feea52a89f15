//! What providers do that the page has a word for, each once.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_core::introspection::{BreakerLimits, ClientAuth, Introspection};
use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, Key, RemoteKeys};
use auth_core::outbound::{Exchange, FetchError, HttpClient};
use auth_core::{
    Bearer, Clock, RequestView, Revocation, RevocationAnswer, RevocationCheck, Scheme, Secret,
    TokenFacts, Verifier,
};
use auth_tests::provider::Signer;
use auth_tests::{tokens, until};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

pub(crate) const ISSUER: &str = "https://login.example";
pub(crate) const ENDPOINT: &str = "https://login.example/introspect";

/// What the client meets.
#[derive(Clone)]
enum Met {
    Answer(u16, String),
    None(FetchError),
    Silence,
    Panic,
}

/// Meets one thing after the other.
#[derive(Clone, Default)]
struct Script(Arc<Mutex<VecDeque<Met>>>);

impl Script {
    fn of(scenes: impl IntoIterator<Item = Met>) -> Self {
        Self(Arc::new(Mutex::new(scenes.into_iter().collect())))
    }

    fn left(&self) -> usize {
        self.0.lock().unwrap().len()
    }
}

impl HttpClient for Script {
    fn send(&self, _: Request<Bytes>, _: usize) -> Exchange {
        let met = self.0.lock().unwrap().pop_front();
        let met = met.unwrap_or(Met::None(FetchError::Unreachable("the end".into())));
        Box::pin(async move {
            match met {
                Met::Answer(status, body) => Ok(Response::builder()
                    .status(status)
                    .body(body.into())
                    .unwrap()),
                Met::None(error) => Err(error),
                Met::Silence => pending().await,
                Met::Panic => panic!("the client panics"),
            }
        })
    }
}

fn says(value: &Value) -> Met {
    Met::Answer(200, value.to_string())
}

/// Failures of the exchange itself, and answers that are none.
fn failures() -> Vec<Met> {
    vec![
        Met::Answer(500, String::new()),
        Met::Answer(200, "<html>".to_owned()),
        Met::Answer(302, String::new()),
        Met::None(FetchError::Unreachable("refused".into())),
        Met::None(FetchError::TooLong(1)),
        Met::Silence,
        Met::Panic,
    ]
}

/// Every outcome of a fetch of keys.
async fn keys() {
    let good = says(&json!({"keys": [Signer::new("ES256", "a").jwk()]}));
    let odd = says(&json!({"keys": []}));
    let mut scenes = vec![good.clone(), good];
    scenes.extend(failures());
    scenes.push(odd);
    fetch(
        |issuer| RemoteKeys::at(issuer, format!("{ISSUER}/jwks")),
        scenes,
    )
    .await;

    let metadata =
        |issuer: &str, jwks_uri: &str| says(&json!({"issuer": issuer, "jwks_uri": jwks_uri}));
    // Each of the three places says the same.
    let other = metadata("https://other.example", "https://login.example/jwks");
    let elsewhere = metadata(ISSUER, "file:///etc/passwd");
    for wrong in [other, elsewhere] {
        fetch(
            RemoteKeys::discover,
            vec![wrong.clone(), wrong.clone(), wrong],
        )
        .await;
    }
}

/// Lets the background task play all scenes.
async fn fetch(from: impl Fn(Issuer) -> auth_core::jwt::RemoteKeysBuilder, scenes: Vec<Met>) {
    let (clock, hand) = Clock::manual(tokens::NOW);
    let script = Script::of(scenes);
    let keys = from(Issuer::new(ISSUER))
        .with_client(script.clone())
        .with_clock(clock)
        // Silence is what needs it: nothing else here takes any time.
        .with_deadline(Duration::from_millis(1))
        // Keys end within the scenes.
        .with_max_stale(Duration::from_mins(20));
    let keys = keys.start_without_keys().unwrap();
    while script.left() > 0 {
        let left = script.left();
        until(|| script.left() < left && !keys.health().fetching).await;
        if script.left() > 0 {
            hand.advance(Duration::from_mins(16));
        }
    }
    until(|| !keys.health().fetching).await;
}

/// Every outcome of a call to an introspection endpoint, and a breaker that opens and closes.
async fn introspection() {
    let inactive = says(&json!({"active": false}));
    let mut scenes = failures();
    scenes.push(Met::Answer(401, String::new()));
    // To a probe, and then to the call that it lets through.
    scenes.extend([inactive.clone(), inactive]);
    let script = Script::of(scenes);
    let (clock, hand) = Clock::manual(tokens::NOW);
    let verifier: Introspection<Value> = Introspection::builder(
        ENDPOINT,
        ClientAuth::basic("orders", Secret::new("hunter2".to_owned())),
        Audience::new(tokens::AUDIENCE),
        Revocation::None,
    )
    .with_client(script.clone())
    .with_clock(clock)
    .with_deadline(Duration::from_millis(1))
    .with_breaker(BreakerLimits::default())
    .build()
    .unwrap();
    while script.left() > 0 {
        ask(&verifier, "opaque").await;
        hand.advance(Duration::from_hours(1));
    }
}

/// A token that is new, then known, then revoked, and a store that is down.
async fn cache_and_revocation() {
    struct Stages(Mutex<VecDeque<Option<bool>>>);
    impl RevocationCheck for Stages {
        fn is_revoked<'a>(&'a self, _: &'a TokenFacts) -> RevocationAnswer<'a> {
            match self.0.lock().unwrap().pop_front().flatten() {
                Some(revoked) => RevocationAnswer::now(revoked),
                None => RevocationAnswer::down("unplugged"),
            }
        }
    }
    let stages = Stages(Mutex::new([Some(false), Some(true), None].into()));
    let verifier: JwtVerifier<Value> = JwtVerifier::new(
        Issuer::new(tokens::ISSUER),
        Audience::new(tokens::AUDIENCE),
        [Algorithm::HS256],
        [Key::hs256(tokens::SECRET).unwrap()],
        Revocation::by(stages),
    )
    .unwrap()
    .with_clock(Clock::manual(tokens::NOW).0);
    for _ in 0..3 {
        ask(&verifier, &tokens::good()).await;
    }
}

async fn ask<V: Verifier<Scheme = Bearer>>(verifier: &V, token: &str) {
    let request = Request::new(());
    let token = Bearer::extract(token.as_bytes()).unwrap();
    let _ = verifier.verify(token, &RequestView::of(&request)).await;
}

pub(crate) async fn all() {
    keys().await;
    introspection().await;
    cache_and_revocation().await;
}
