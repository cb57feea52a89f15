//! The table of attacks.
//!
//! Each changes what an honest client sends, or makes it believe something else and compute for that. [`answered`] sends
//! them all.

mod answered;
mod content;
mod form;
mod length;
mod meaning;
mod octets;

use auth_tests::digest::{Client, Params, param};
use axum::body::Body;
use http::Request;

use crate::server::{Told, request};

const TARGET: &str = "/dir/index.html?q=%22a%22+b";

/// How an attack is answered.
type Outcome = (u16, &'static str);

const PARAMETER: Outcome = (400, "digest_parameter");
const TARGET_DIFFERS: Outcome = (400, "digest_uri_mismatch");
const TOO_LONG: Outcome = (400, "too_long");
const CREDENTIALS: Outcome = (401, "invalid_credentials");
const ALGORITHM: Outcome = (401, "algorithm_not_offered");
const NONCE: Outcome = (401, "unknown_nonce");
const OTHER_REALM: Outcome = (401, "other_realm");
const CONTENT: Outcome = (413, "content_too_large");

type Made = dyn Fn(&Client) -> Request<Body>;

struct Attack {
    what: String,
    outcome: Outcome,
    made: Box<Made>,
}

fn attack(
    what: impl Into<String>,
    outcome: Outcome,
    made: impl Fn(&Client) -> Request<Body> + 'static,
) -> Attack {
    Attack {
        what: what.into(),
        outcome,
        made: Box::new(made),
    }
}

/// The right parameters, changed; the response stays what it was.
fn params(
    what: impl Into<String>,
    outcome: Outcome,
    change: impl Fn(Params) -> Params + 'static,
) -> Attack {
    attack(what, outcome, move |client| {
        let field = change(client.params()).field();
        request(&client.method, &client.uri, &field, &client.content)
    })
}

/// A client that believes something else, and computes the response for it.
fn belief(
    what: impl Into<String>,
    outcome: Outcome,
    change: impl Fn(&mut Client) + 'static,
) -> Attack {
    attack(what, outcome, move |client| {
        let mut believing = client.clone();
        change(&mut believing);
        let field = believing.params().field();
        request(&client.method, &client.uri, &field, &client.content)
    })
}

const NAMES: [&str; 9] = [
    "username",
    "realm",
    "uri",
    "algorithm",
    "nonce",
    "nc",
    "cnonce",
    "qop",
    "response",
];

fn all() -> Vec<Attack> {
    [
        form::missing_parameters(),
        form::counts(),
        form::duplicates(),
        octets::octets(),
        length::lengths(),
        meaning::downgrades(),
        meaning::targets(),
        meaning::nonces(),
        meaning::digests(),
        content::contents(),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The plain challenge of the policy, with a nonce that is new.
pub(crate) fn asks_anew(told: &Told, used: &str, place: &str) {
    let [challenge] = &told.challenges[..] else {
        panic!("{place}: {:?}", told.challenges);
    };
    let nonce = param(challenge, "nonce").unwrap();
    assert_ne!(nonce, used, "{place}");
    let expected = format!(
        "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=SHA-256, charset=UTF-8, nonce=\"{nonce}\""
    );
    assert_eq!(*challenge, expected, "{place}");
}
