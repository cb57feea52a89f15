//! Requests that carry a mark wherever a client can put one: it appears in no event, span, label or answer (T-17,
//! V28).

use std::convert::Infallible;
use std::fmt::Write as _;
use std::sync::Arc;

use auth_core::scheme::ChallengeErrors;
use auth_core::tower::GuardLayer;
use auth_core::{
    AuthState, Authenticated, Cause, FnVerifier, Scheme, Secret, Settings, Text, Verified,
    auth_policy,
};
use auth_tests::app::{DIGEST_PASSWORD, DIGEST_USER, NONCE_LIFETIME, digest_challenge};
use auth_tests::digest::Client;
use auth_tests::observed::{logged, measured};
use auth_tests::request::post;
use auth_tests::{servers, tokens};
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{HOST, HeaderValue};
use http::{Method, Request, Response, StatusCode};
use http_body_util::BodyExt as _;
use metrics_util::debugging::DebuggingRecorder;
use serde_json::json;
use tower::{Layer as _, ServiceExt as _};

use crate::{app, ours};

const MARK: &str = "Zq7uMark7qZ";

const HANDLERS: [&str; 20] = [
    "bearer",
    "scoped",
    "basic",
    "basic_without_charset",
    "digest",
    "api_key",
    "scoped_key",
    "named_key",
    "either",
    "carriers",
    "optional",
    "promised",
    "failing",
    "named_policy",
    "both",
    "two_issuers",
    "session",
    "clerks",
    "stepped_up",
    "permitted",
];

/// Header fields with the mark in all parts of credentials.
fn hostile() -> Vec<(&'static str, String)> {
    let mut tokens = vec![
        MARK.to_owned(),
        format!("{MARK}.{MARK}.{MARK}"),
        format!("{MARK} {MARK}"),
    ];
    for parameter in ["alg", "kid", "typ", "cty", "jku", "x5u", MARK] {
        tokens.push(tokens::headed(&tokens::header_but(parameter, MARK.into())));
    }
    tokens.push(tokens::headed(&tokens::header_but("crit", json!([MARK]))));
    tokens.push(tokens::headed(&tokens::header_but(
        "jwk",
        json!({"kty": MARK, "k": MARK}),
    )));
    for claim in [
        "iss",
        "aud",
        "sub",
        "client_id",
        "jti",
        "iat",
        "exp",
        "nbf",
        "scope",
        "acr",
        "roles",
        MARK,
    ] {
        tokens.push(tokens::of(&tokens::claims_but(claim, MARK.into())));
        tokens.push(tokens::of(&tokens::claims_but(claim, json!([MARK]))));
        tokens.push(tokens::of(&tokens::claims_but(
            claim,
            json!({ MARK: MARK }),
        )));
    }
    // Signed, and nothing that is wrong with it: this one is admitted.
    tokens.push(tokens::of(&json!({
        "iss": tokens::ISSUER, "aud": tokens::AUDIENCE, "sub": MARK, "client_id": MARK, "jti": MARK,
        "iat": tokens::NOW - 10, "exp": tokens::NOW + 3600, "scope": MARK, "acr": MARK, "roles": [MARK], MARK: MARK,
    })));
    let pairs = [
        format!("{MARK}:{MARK}"),
        MARK.to_owned(),
        format!("Aladdin:{MARK}"),
        format!("{MARK}:open sesame"),
    ];
    let pairs = pairs.map(|pair| STANDARD.encode(pair));

    let mut fields = vec![
        ("authorization", format!("{MARK} {MARK}")),
        ("authorization", MARK.to_owned()),
    ];
    for token in tokens {
        fields.push(("authorization", format!("Bearer {token}")));
        fields.push(("cookie", format!("session={token}; {MARK}={MARK}")));
        fields.push(("x-api-key", token));
    }
    fields.extend(pairs.map(|pair| ("authorization", format!("Basic {pair}"))));
    fields.push(("authorization", format!("Basic {MARK}!")));
    fields
}

/// The same in each part of credentials of Digest, right ones among them.
fn digested() -> Vec<(&'static str, String)> {
    let mut sent = Vec::new();
    for age in [0, NONCE_LIFETIME] {
        let challenge = digest_challenge(tokens::NOW - age);
        let mut client = Client::of(&challenge, DIGEST_USER, DIGEST_PASSWORD);
        MARK.clone_into(&mut client.cnonce);
        client = client.asking(MARK, &format!("/digest?{MARK}={MARK}"));
        let params = client.params().and(MARK, MARK);
        for name in [
            "username",
            "username*",
            "realm",
            "uri",
            "algorithm",
            "nonce",
            "nc",
            "cnonce",
            "qop",
            "response",
            "opaque",
            "userhash",
        ] {
            for value in [
                MARK.to_owned(),
                format!("\"{MARK}\""),
                format!("UTF-8''{MARK}"),
            ] {
                sent.push(params.clone().with(name, value));
            }
            sent.push(params.clone().and(name, MARK));
        }
        for change in [
            |client: &mut Client| MARK.clone_into(&mut client.user),
            |client: &mut Client| MARK.clone_into(&mut client.password),
            |client: &mut Client| client.qop = "auth-int",
        ] {
            let mut other = client.clone();
            change(&mut other);
            sent.push(other.params());
        }
        sent.push(params);
    }
    let sent = sent.into_iter();
    sent.map(|sent| ("authorization", String::from_utf8(sent.field()).unwrap()))
        .collect()
}

/// The mark itself, and whatever of the field could hold it in another form.
fn forbidden(value: &str) -> Vec<&str> {
    let parts = value.split([' ', '.', ';', '=']);
    let mut parts: Vec<&str> = parts.filter(|part| part.len() > 20).collect();
    parts.push(MARK);
    parts
}

/// A request of these fields, with the mark in all other places.
fn marked(path: &str, name: &str, value: &str) -> Request<Body> {
    let fields = [
        (name, value.as_bytes()),
        ("x-forwarded-for", MARK.as_bytes()),
        (MARK, MARK.as_bytes()),
    ];
    let (mut request, _) = post(&format!("{path}?{MARK}={MARK}"), &fields, MARK);
    *request.method_mut() = Method::from_bytes(MARK.as_bytes()).unwrap();
    let host = HeaderValue::from_static(MARK);
    request.headers_mut().insert(HOST, host);
    request
}

/// Whether the request was admitted. Neither what is seen of it nor the answer to a refused one may have a mark; the
/// handlers here echo their callers.
async fn admitted_unmarked(
    answer: impl Future<Output = Response<Body>>,
    value: &str,
    recorder: &DebuggingRecorder,
    place: &str,
) -> bool {
    let (answer, seen) = logged(answer).await;
    assert!(!ours(&seen, false).is_empty(), "{place}");
    let mut told = format!("{seen:?}{:?}", measured(recorder).into_keys());
    let admitted = answer.status() == StatusCode::OK;
    if !admitted {
        let (head, body) = answer.into_parts();
        let body = body.collect().await.unwrap().to_bytes();
        write!(told, "{:?}{body:?}", head.headers).unwrap();
    }
    let told = told.to_lowercase();
    for mark in forbidden(value) {
        assert!(
            !told.contains(&mark.to_lowercase()),
            "{mark} of {place}: {told}"
        );
    }
    admitted
}

#[tokio::test(flavor = "current_thread")]
async fn t17_v28_no_mark_of_a_hostile_request_is_seen_by_operators_or_answered() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    let (mut admitted, mut refused) = (0, 0);
    for server in servers::all(&app(true)) {
        for handler in HANDLERS {
            let mut sent = hostile();
            if handler == "digest" {
                sent.extend(digested());
            }
            for (name, value) in sent {
                let place = format!("{} {handler} {name}: {value}", server.name);
                let answer = server.answer(marked(&format!("/{handler}"), name, &value));
                if admitted_unmarked(answer, &value, &recorder, &place).await {
                    admitted += 1;
                } else {
                    refused += 1;
                }
            }
        }
    }
    assert!(admitted > 50 && refused > 1000, "{admitted} {refused}");
}

/// A scheme of one's own.
enum Ticket {}

impl Scheme for Ticket {
    type Credentials<'r> = &'r str;
    type Owned = Secret<String>;
    const NAME: &'static str = "Ticket";
    const REJECTED: Text = Text::new("invalid_credentials", "Ticket unknown or used");
    const ERRORS: ChallengeErrors = ChallengeErrors::None;

    fn extract(value: &[u8]) -> Result<&str, Cause> {
        let ticket = core::str::from_utf8(value).map_err(|_| Cause::Malformed)?;
        let plain = ticket.bytes().all(|octet| octet.is_ascii_alphanumeric());
        if plain {
            Ok(ticket)
        } else {
            Err(Cause::Malformed)
        }
    }

    fn to_owned(ticket: &str) -> Secret<String> {
        Secret::new(ticket.to_owned())
    }
}

#[auth_policy(scheme = Ticket, realm = "Hall")]
struct Hall;

#[derive(AuthState)]
struct Tickets {
    #[auth(Ticket)]
    tickets: FnVerifier<Ticket, String>,
    #[auth(settings)]
    settings: Settings,
}

#[tokio::test(flavor = "current_thread")]
async fn t17_v28_nor_of_one_with_a_scheme_of_ones_own_before_a_layer() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    let tickets = Tickets {
        tickets: FnVerifier::new(|ticket: &str| match ticket.strip_prefix("good") {
            Some(name) => Ok(Verified::new(name.to_owned())),
            None => Err(Cause::InvalidCredentials),
        }),
        settings: Settings::new().with_admitted_events(true),
    };
    let inner = tower::service_fn(async |_| Ok::<_, Infallible>(Response::new(Body::empty())));
    let layer = GuardLayer::<Hall, _, Authenticated<String>>::new(Arc::new(tickets));
    let service = layer.layer(inner);
    for (value, admitted) in [
        (format!("Ticket good{MARK}"), true),
        (format!("Ticket {MARK}"), false),
        (format!("Ticket {MARK}!"), false),
        (format!("Ticket{MARK} {MARK}"), false),
    ] {
        let request = marked("/", "authorization", &value);
        let answer = service.clone().oneshot(request);
        let answer = async { answer.await.unwrap_or_else(|never| match never {}) };
        let found = admitted_unmarked(answer, &value, &recorder, &value).await;
        assert_eq!(found, admitted, "{value}");
    }
}
