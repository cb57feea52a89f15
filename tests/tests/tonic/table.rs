//! Every cause of the table of refusals: from layers and from methods, of every kind of call, with verifiers that answer
//! at once or await. What gRPC is told is what HTTP is told, in gRPC's words.

use std::sync::Arc;
use std::sync::atomic::Ordering;

use auth_core::{Clock, Settings, Transport};
use auth_tests::app::{API_KEY, App, Pace, REVOKED_KEY};
use auth_tests::tokens::{self, PAST};
use http::HeaderMap;
use serde_json::{Value, json};
use tonic::{Code, Status};

use crate::orders::{Form, Kind, Ran, bearer, client, fields, over_http, routes, serve};

struct Row {
    name: &'static str,
    policy: &'static str,
    fields: HeaderMap,
    expected: Expected,
}

enum Expected {
    Admitted(&'static str),
    /// The status over HTTP, and what gRPC makes of it.
    Refused(u16, Code, &'static str),
}

use Code::{Internal, PermissionDenied, ResourceExhausted, Unauthenticated, Unavailable};
use Expected::{Admitted, Refused};

fn row(name: &'static str, policy: &'static str, fields: HeaderMap, expected: Expected) -> Row {
    Row {
        name,
        policy,
        fields,
        expected,
    }
}

/// What the verifier of [`auth_tests::app::Failing`] is asked to say.
fn fails(token: &'static str, status: u16, code: Code, message: &'static str) -> Row {
    row(
        token,
        "Fails",
        bearer(token),
        Refused(status, code, message),
    )
}

#[allow(clippy::too_many_lines, reason = "a table")]
fn rows() -> Vec<Row> {
    let good = tokens::good();
    let claims = |name, value: Value| bearer(tokens::of(&tokens::claims_but(name, value)));
    let basic = |pair| fields(&[("authorization", format!("Basic {pair}"))]);
    let none = HeaderMap::new;
    let one = |name, value: &str| fields(&[(name, value)]);
    vec![
        row("admitted", "Api", bearer(&good), Admitted("ada")),
        row(
            "admitted by password",
            "Area",
            basic("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            Admitted("Aladdin"),
        ),
        row(
            "admitted by key",
            "Key",
            one("x-api-key", API_KEY),
            Admitted("acme"),
        ),
        row(
            "admitted by one of two",
            "Either",
            basic("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="),
            Admitted("Aladdin"),
        ),
        row(
            "admitted over TLS",
            "OverTls",
            fields(&[
                ("authorization", &*format!("Bearer {good}")),
                ("x-forwarded-proto", "https"),
            ]),
            Admitted("ada"),
        ),
        // Binary metadata beside it change nothing.
        row(
            "beside binary metadata",
            "Api",
            fields(&[
                ("authorization", &*format!("Bearer {good}")),
                ("trace-bin", "AAEC"),
            ]),
            Admitted("ada"),
        ),
        // A field of binary metadata is seen as it is sent.
        row(
            "binary key",
            "BinaryKey",
            one("x-api-key-bin", API_KEY),
            Admitted("acme"),
        ),
        row(
            "binary key in base64",
            "BinaryKey",
            one("x-api-key-bin", "YWNtZV9saXZlXzAxMjM0NTY3ODlhYmNkZWZnaGlq"),
            Refused(401, Unauthenticated, "API key not found or revoked"),
        ),
        row(
            "missing",
            "Api",
            none(),
            Refused(401, Unauthenticated, "Authorization header missing"),
        ),
        row(
            "missing key",
            "Key",
            none(),
            Refused(401, Unauthenticated, "X-API-Key header missing"),
        ),
        row(
            "missing, of two schemes",
            "Either",
            none(),
            Refused(401, Unauthenticated, "Authorization header missing"),
        ),
        row(
            "scheme not accepted",
            "Api",
            basic("eA=="),
            Refused(
                401,
                Unauthenticated,
                "Authentication scheme not accepted here",
            ),
        ),
        row(
            "malformed",
            "Area",
            basic("!"),
            Refused(401, Unauthenticated, "Credentials are not well formed"),
        ),
        row(
            "twice",
            "Api",
            fields(&[("authorization", "Bearer a"), ("authorization", "Bearer b")]),
            Refused(400, Unauthenticated, "Credentials sent more than once"),
        ),
        row(
            "too long",
            "Api",
            bearer("a".repeat(5000)),
            Refused(400, Unauthenticated, "Credentials are too long"),
        ),
        row(
            "not one token",
            "Api",
            bearer("a b"),
            Refused(
                400,
                Unauthenticated,
                "Bearer must be followed by exactly one token",
            ),
        ),
        row(
            "wrong password",
            "Area",
            basic("QWxhZGRpbjp3cm9uZw=="),
            Refused(401, Unauthenticated, "User name or password is wrong"),
        ),
        row(
            "revoked key",
            "Key",
            one("x-api-key", REVOKED_KEY),
            Refused(401, Unauthenticated, "API key not found or revoked"),
        ),
        row(
            "expired, with a time",
            "Api",
            claims("exp", PAST.into()),
            Refused(401, Unauthenticated, "JWT expired at 2025-10-01T10:00:00Z"),
        ),
        row(
            "no JWT",
            "Api",
            bearer("x"),
            Refused(401, Unauthenticated, "Token invalid"),
        ),
        row(
            "scope missing",
            "Scoped",
            bearer(&good),
            Refused(
                403,
                PermissionDenied,
                "A scope that is needed here was not granted",
            ),
        ),
        row(
            "role missing",
            "Clerks",
            bearer(&good),
            Refused(403, PermissionDenied, "Not allowed"),
        ),
        row(
            "role there",
            "Clerks",
            claims("roles", json!(["clerk"])),
            Admitted("ada"),
        ),
        row(
            "login too weak",
            "SteppedUp",
            bearer(&good),
            Refused(
                401,
                Unauthenticated,
                "A stronger or more recent login is needed here",
            ),
        ),
        row(
            "transport not secure",
            "OverTls",
            fields(&[
                ("authorization", &*format!("Bearer {good}")),
                ("x-forwarded-proto", "http"),
            ]),
            Refused(
                403,
                PermissionDenied,
                "This is served over a secure transport only",
            ),
        ),
        fails("wrong", 401, Unauthenticated, "Token invalid"),
        fails("expired", 401, Unauthenticated, "Token expired"),
        fails("revoked", 401, Unauthenticated, "Token revoked"),
        fails("forbidden", 403, PermissionDenied, "Not allowed"),
        fails(
            "large",
            413,
            ResourceExhausted,
            "The content is too long to be checked",
        ),
        fails(
            "algorithm",
            401,
            Unauthenticated,
            "The Digest algorithm is not accepted here",
        ),
        fails(
            "nonce",
            401,
            Unauthenticated,
            "The nonce was not issued here, answer the new challenge",
        ),
        fails(
            "stale",
            401,
            Unauthenticated,
            "The nonce is used up, answer the new challenge",
        ),
        fails(
            "many",
            429,
            ResourceExhausted,
            "Too many attempts, try again later",
        ),
        fails(
            "down",
            503,
            Unavailable,
            "Credentials cannot be checked right now, try again later",
        ),
        fails("unconfigured", 500, Internal, "Internal server error"),
    ]
}

// H-1 to H-3, H-12, H-16, T-7 to T-11, N-2: as over HTTP, for every kind of call.
#[tokio::test]
async fn every_cause_is_a_status_with_the_challenges_of_http() {
    for form in [Form::Layer, Form::Inline] {
        for pace in [Pace::AtOnce, Pace::Awaiting] {
            for row in rows() {
                let (app, ran) = (app(pace), Ran::default());
                let mut client = client(serve(routes(row.policy, form, &app, &ran)).await).await;
                for kind in Kind::ALL {
                    let context = format!("{}: {form:?} {pace:?} {kind:?}", row.name);
                    let ran_before = ran.load(Ordering::SeqCst);
                    let answer = kind.call(&mut client, &row.fields).await;
                    let runs = ran.load(Ordering::SeqCst) - ran_before;
                    match (&row.expected, answer) {
                        (Admitted(name), Ok(text)) => {
                            assert_eq!((text, runs), (kind.answer(name), 1), "{context}");
                        }
                        (Refused(http, code, message), Err(status)) => {
                            assert_eq!(
                                (status.code(), status.message()),
                                (*code, *message),
                                "{context}"
                            );
                            assert_eq!(runs, 0, "{context}: the method does not run");
                            as_over_http(&row, *http, &app, &status, &context).await;
                        }
                        (_, answer) => panic!("{context}: {answer:?}"),
                    }
                }
            }
        }
    }
}

/// The server reads 16 KiB of header fields, so that a shorter limit of ours is met first.
fn app(pace: Pace) -> Arc<App> {
    let settings = Settings::new()
        .with_clock(Clock::manual(tokens::NOW).0)
        .with_transport(Transport::from_field("X-Forwarded-Proto"))
        .with_max_credentials_len(4096);
    App::with_settings(pace, settings)
}

/// Nothing more and nothing less than the HTTP answer tells.
async fn as_over_http(row: &Row, expected: u16, app: &Arc<App>, status: &Status, context: &str) {
    let http = over_http(row.policy, app, row.fields.clone())
        .await
        .unwrap();
    assert_eq!(http.status(), expected, "{context}");
    let body: Value = serde_json::from_slice(http.body()).unwrap();
    assert_eq!(body["message"], status.message(), "{context}");
    assert!(status.details().is_empty(), "{context}");

    let mut told: HeaderMap = status.metadata().clone().into_headers();
    told.remove("date");
    assert_eq!(
        told.remove("content-type").unwrap(),
        "application/grpc",
        "{context}"
    );
    let mut due = http.headers().clone();
    due.remove("content-type");
    if let Some(after) = due.remove("retry-after") {
        let milliseconds = format!("{}000", after.to_str().unwrap());
        due.insert("grpc-retry-pushback-ms", milliseconds.try_into().unwrap());
    }
    assert_eq!(told, due, "{context}");
    assert_eq!(told["cache-control"], "no-store", "{context}");
    assert!(
        expected != 401 || told.contains_key("www-authenticate"),
        "{context}"
    );
}

// The texts themselves, once: the rest of them stands in the table of HTTP, with which the one above compares.
#[tokio::test]
async fn challenges_and_pushback_word_for_word() {
    for (policy, fields, name, values) in [
        (
            "Api",
            HeaderMap::new(),
            "www-authenticate",
            &[r#"Bearer realm="API""#][..],
        ),
        (
            "Either",
            HeaderMap::new(),
            "www-authenticate",
            &[
                r#"Bearer realm="API""#,
                r#"Basic realm="Dev zone", charset="UTF-8""#,
            ],
        ),
        (
            "Api",
            bearer("a b"),
            "www-authenticate",
            &[r#"Bearer realm="API", error="invalid_request""#],
        ),
        (
            "Scoped",
            bearer(tokens::good()),
            "www-authenticate",
            &[
                r#"Bearer realm="API", scope="orders:read orders:write", error="insufficient_scope""#,
            ],
        ),
        ("Fails", bearer("down"), "www-authenticate", &[]),
        ("Fails", bearer("down"), "grpc-retry-pushback-ms", &["2000"]),
        ("Fails", bearer("many"), "grpc-retry-pushback-ms", &["2000"]),
    ] {
        for form in [Form::Layer, Form::Inline] {
            let routes = routes(policy, form, &App::new(Pace::Awaiting), &Ran::default());
            let mut client = client(serve(routes).await).await;
            let status = Kind::Unary.call(&mut client, &fields).await.unwrap_err();
            let found: Vec<_> = status.metadata().get_all(name).iter().collect();
            assert_eq!(found, values, "{policy} {form:?}");
        }
    }
}
