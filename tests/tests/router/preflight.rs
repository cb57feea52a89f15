//! H-22, V27: CORS preflights are let through if that was asked for, and nothing else is.

use auth_core::axum::{GuardedRouter, any, get, options};
use axum::extract::Request;
use axum::middleware::{Next, from_fn};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use tower_http::cors::CorsLayer;

use super::*;

const SHOP: &str = "https://shop.example";

fn cors() -> CorsLayer {
    CorsLayer::new()
        .allow_origin([SHOP.parse().unwrap()])
        .allow_methods([Method::GET, Method::POST])
        .allow_headers([AUTHORIZATION])
        .expose_headers([WWW_AUTHENTICATE])
}

fn routes() -> GuardedRouter<State> {
    GuardedRouter::new()
        .route("/any", any(first))
        .route("/get", get(first))
        .route("/options", options(first))
}

fn allowing() -> Router {
    routes()
        .preflight("the shop is on another origin", cors())
        .with_state(app())
        .into_router()
}

fn with_fields(method: &Method, path: &str, fields: &[(&'static str, &str)]) -> Request {
    let mut request = request(method, path);
    for (name, value) in fields {
        request.headers_mut().append(*name, value.parse().unwrap());
    }
    request
}

const PREFLIGHT: [(&str, &str); 2] = [("origin", SHOP), ("access-control-request-method", "POST")];

// V27: without being asked for, a preflight is a request like any other.
#[tokio::test]
async fn nothing_answers_preflights_by_accident_v27() {
    let router = routes().with_state(app()).into_router();
    for (path, expected) in [("/any", "401"), ("/options", "401"), ("/get", "405")] {
        let request = with_fields(&Method::OPTIONS, path, &PREFLIGHT);
        assert_eq!(told(&answer(&router, request).await), expected, "{path}");
    }
}

// H-22: a true preflight is answered without credentials, and no handler runs.
#[tokio::test]
async fn true_preflights_are_answered_h22() {
    for path in ["/any", "/get", "/options", "/unknown"] {
        let request = with_fields(&Method::OPTIONS, path, &PREFLIGHT);
        let answer = answer(&allowing(), request).await;
        assert_eq!(told(&answer), "200", "{path}");
        assert_eq!(answer.headers()["access-control-allow-origin"], SHOP);
        assert_eq!(answer.headers()["access-control-allow-methods"], "GET,POST");
        assert_eq!(
            answer.headers()["access-control-allow-headers"],
            "authorization"
        );
    }
}

// V27: whatever is not quite a preflight goes to the guard.
#[tokio::test]
async fn other_options_go_to_the_guard_v27() {
    let (origin, method) = (PREFLIGHT[0], PREFLIGHT[1]);
    let table: [&[(&str, &str)]; 9] = [
        &[],
        &[origin],
        &[method],
        &[origin, origin, method],
        &[origin, method, method],
        &[("origin", ""), method],
        &[origin, ("access-control-request-method", "")],
        &[origin, ("access-control-request-method", "GET, POST")],
        &[origin, ("x-access-control-request-method", "GET")],
    ];
    let router = allowing();
    for fields in table {
        for path in ["/any", "/options"] {
            let request = || with_fields(&Method::OPTIONS, path, fields);
            let refused = answer(&router, request()).await;
            assert_eq!(told(&refused), "401", "{path} {fields:?}");
            assert!(has_challenge(&refused));
            let admitted = answer(&router, with_token(request())).await;
            assert_eq!(told(&admitted), "first", "{path} {fields:?}");
        }
    }
}

// V27: the fields of a preflight do not open other methods.
#[tokio::test]
async fn other_methods_are_guarded_whatever_their_fields_v27() {
    let router = allowing();
    for method in ["GET", "HEAD", "POST", "TRACE", "options", "PROPFIND"] {
        let method: Method = method.parse().unwrap();
        let request = with_fields(&method, "/any", &PREFLIGHT);
        assert_eq!(told(&answer(&router, request).await), "401", "{method}");
    }
}

// H-22: scripts of the other origin see a refusal and its challenge, and the answer.
#[tokio::test]
async fn other_answers_get_the_fields_of_the_layer_h22() {
    let router = allowing();
    let request = || with_fields(&Method::GET, "/get", &PREFLIGHT[..1]);
    let refused = answer(&router, request()).await;
    assert_eq!(refused.status(), 401);
    assert!(has_challenge(&refused));
    let admitted = answer(&router, with_token(request())).await;
    assert_eq!(told(&admitted), "first");
    for answer in [refused, admitted] {
        assert_eq!(answer.headers()["access-control-allow-origin"], SHOP);
        assert_eq!(
            answer.headers()["access-control-expose-headers"],
            "www-authenticate"
        );
    }
}

// A layer that does not answer a preflight has not let it past the guard.
#[tokio::test]
async fn a_preflight_that_the_layer_passes_on_is_guarded_v27() {
    let passes = from_fn(|request: Request, next: Next| next.run(request));
    let router = routes()
        .preflight("passes all on", passes)
        .with_state(app())
        .into_router();
    let request = with_fields(&Method::OPTIONS, "/any", &PREFLIGHT);
    assert_eq!(told(&answer(&router, request).await), "401");
}

// It holds for what was added before, as a layer does.
#[tokio::test]
async fn routes_that_follow_are_not_covered_v27() {
    let router = routes()
        .preflight("the shop is on another origin", cors())
        .route("/after", any(first))
        .with_state(app())
        .into_router();
    let request = |path| with_fields(&Method::OPTIONS, path, &PREFLIGHT);
    assert_eq!(told(&answer(&router, request("/any")).await), "200");
    assert_eq!(told(&answer(&router, request("/after")).await), "401");
}

#[test]
#[should_panic(expected = "say why")]
fn it_needs_a_reason() {
    let _ = routes().preflight(" ", cors());
}
