//! What only axum does: extractors in order, nested routers, methods (V13, V27).

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::sync::Arc;

use auth_core::{Authenticated, requires_auth};
use auth_tests::app::{App, Claims, Pace};
use auth_tests::request::post;
use auth_tests::servers::router;
use auth_tests::tokens;
use axum::extract::{Json, Path, Query};
use axum::routing::{get, post as posted};
use axum::{Router, body::Body};
use http::{Method, Request, StatusCode};
use serde::Deserialize;
use tower::ServiceExt as _;

#[derive(Deserialize)]
struct Page {
    page: u32,
}

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
async fn orders(
    user: Authenticated<Claims>,
    Path(customer): Path<u32>,
    Query(Page { page }): Query<Page>,
    Json(filter): Json<Vec<String>>,
) -> String {
    format!("{} {customer} {page} {}", user.sub, filter.join("+"))
}

fn app() -> Router {
    Router::new()
        .route("/{customer}/orders", posted(orders))
        .with_state(App::new(Pace::Awaiting))
}

async fn status_of(path: &str, fields: &[(&str, &[u8])], body: &'static str) -> (StatusCode, bool) {
    let (request, polled) = post(path, fields, body);
    let answer = app().oneshot(request).await.unwrap();
    (answer.status(), polled.get())
}

// V13: an anonymous caller learns nothing about path, query or body.
#[tokio::test]
async fn the_guard_decides_before_any_other_extractor_v13() {
    for (path, body) in [
        ("/7/orders?page=1", "[\"a\"]"),
        ("/7/orders?page=1", "[malformed"),
        ("/7/orders?page=x", "[]"),
        ("/seven/orders?page=1", "[]"),
    ] {
        assert_eq!(
            status_of(path, &[], body).await,
            (StatusCode::UNAUTHORIZED, false),
            "{path} {body}"
        );
    }
    let good = format!("Bearer {}", tokens::good());
    let good: &[(&str, &[u8])] = &[("authorization", good.as_bytes())];
    assert_eq!(
        status_of("/7/orders?page=1", good, "[\"a\"]").await,
        (StatusCode::OK, true)
    );
    assert_eq!(
        status_of("/7/orders?page=1", good, "[malformed").await,
        (StatusCode::BAD_REQUEST, true)
    );
    assert_eq!(
        status_of("/7/orders?page=x", good, "[]").await,
        (StatusCode::BAD_REQUEST, false)
    );
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn seen() -> &'static str {
    "seen"
}

// V27: HEAD follows GET, and both are guarded.
#[tokio::test]
async fn head_follows_get_v27() {
    let app = Router::new()
        .route("/", get(seen))
        .with_state(App::new(Pace::AtOnce));
    for method in [Method::GET, Method::HEAD] {
        for (field, status) in [(None, 401), (Some(tokens::good()), 200)] {
            let mut request = Request::builder().method(&method).uri("/");
            if let Some(token) = field {
                request = request.header("authorization", format!("Bearer {token}"));
            }
            let answer = app
                .clone()
                .oneshot(request.body(Body::empty()).unwrap())
                .await
                .unwrap();
            assert_eq!(answer.status(), status, "{method}");
        }
    }
}

// V23: nothing that a client sends can stand for an identity.
#[tokio::test]
async fn headers_are_no_identity_v23() {
    let app = router(App::new(Pace::AtOnce));
    for name in [
        "x-user",
        "x-authenticated",
        "remote-user",
        "x_api_key",
        "x-api_key",
        "authorization_",
        "proxy-authorization",
    ] {
        for handler in ["bearer", "api_key"] {
            let good = tokens::good();
            let field = format!("Bearer {good}");
            let (request, _) = post(&format!("/{handler}"), &[(name, field.as_bytes())], "");
            let answer = app.clone().oneshot(request).await.unwrap();
            assert_eq!(answer.status(), 401, "{name} {handler}");
        }
    }
}

// The identity of one request does not leak into another one that runs beside it.
#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn identities_do_not_mix() {
    let app = router(App::new(Pace::Awaiting));
    let mut tasks = Vec::new();
    for number in 0..64 {
        let app = app.clone();
        tasks.push(tokio::spawn(async move {
            let name = format!("user-{number}");
            let token = tokens::of(&tokens::claims_but("sub", name.clone().into()));
            let field = format!("Bearer {token}");
            for _ in 0..20 {
                let (request, _) = post("/bearer", &[("authorization", field.as_bytes())], "");
                let answer = app.clone().oneshot(request).await.unwrap();
                let body = axum::body::to_bytes(answer.into_body(), 1000)
                    .await
                    .unwrap();
                assert_eq!(body, format!("bearer: {name}: "));
            }
        }));
    }
    for task in tasks {
        task.await.unwrap();
    }
}

// The state may be an `Arc` or not, and may be handed down.
#[tokio::test]
async fn the_state_of_a_nested_router() {
    let app: Arc<App> = App::new(Pace::AtOnce);
    let inner: Router<Arc<App>> = Router::new().route("/seen", get(seen));
    let outer: Router = Router::new().nest("/api", inner).with_state(app);
    let answer = outer
        .oneshot(Request::get("/api/seen").body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
}
