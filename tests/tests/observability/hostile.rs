//! Requests that carry a mark wherever a client can put one: it appears in no event, span, label or answer (T-17,
//! V28).

use std::fmt::Write as _;

use auth_tests::observed::{logged, measured};
use auth_tests::request::post;
use auth_tests::{servers, tokens};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use http::header::{HOST, HeaderValue};
use http::{Method, StatusCode};
use http_body_util::BodyExt as _;
use metrics_util::debugging::DebuggingRecorder;
use serde_json::json;

use crate::{app, ours};

const MARK: &str = "Zq7uMark7qZ";

const HANDLERS: [&str; 19] = [
    "bearer",
    "scoped",
    "basic",
    "basic_without_charset",
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

/// The mark itself, and whatever of the field could hold it in another form.
fn forbidden(value: &str) -> Vec<&str> {
    let parts = value.split([' ', '.', ';', '=']);
    let mut parts: Vec<&str> = parts.filter(|part| part.len() > 20).collect();
    parts.push(MARK);
    parts
}

#[tokio::test(flavor = "current_thread")]
async fn t17_v28_no_mark_of_a_hostile_request_is_seen_by_operators_or_answered() {
    let recorder = DebuggingRecorder::new();
    let _installed = metrics::set_default_local_recorder(&recorder);
    let (mut admitted, mut refused) = (0, 0);
    for server in servers::all(&app(true)) {
        for handler in HANDLERS {
            for (name, value) in hostile() {
                let place = format!("{} {handler} {name}: {value}", server.name);
                let fields = [
                    (name, value.as_bytes()),
                    ("x-forwarded-for", MARK.as_bytes()),
                    (MARK, MARK.as_bytes()),
                ];
                let (mut request, _) = post(&format!("/{handler}?{MARK}={MARK}"), &fields, MARK);
                *request.method_mut() = Method::from_bytes(MARK.as_bytes()).unwrap();
                request
                    .headers_mut()
                    .insert(HOST, HeaderValue::from_static(MARK));

                let (answer, seen) = logged(server.answer(request)).await;
                assert!(!ours(&seen, false).is_empty(), "{place}");
                let mut told = format!("{seen:?}{:?}", measured(&recorder).into_keys());
                if answer.status() == StatusCode::OK {
                    // The handlers here echo their callers.
                    admitted += 1;
                } else {
                    refused += 1;
                    let (head, body) = answer.into_parts();
                    let body = body.collect().await.unwrap().to_bytes();
                    write!(told, "{:?}{body:?}", head.headers).unwrap();
                }
                let told = told.to_lowercase();
                for mark in forbidden(&value) {
                    assert!(
                        !told.contains(&mark.to_lowercase()),
                        "{mark} of {place}: {told}"
                    );
                }
            }
        }
    }
    assert!(admitted > 50 && refused > 1000, "{admitted} {refused}");
}
