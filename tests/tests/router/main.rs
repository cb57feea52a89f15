//! `GuardedRouter`: routes, methods and layers, paths (V11), preflights (H-22, V27), services, and what it
//! lists. What does not compile is in `tests/ui/router`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

mod list;
mod paths;
mod preflight;
mod routes;
mod services;

use std::sync::Arc;

use auth_core::{Authenticated, public, requires_auth};
use auth_syntax::Challenges;
use auth_tests::app::{App, Claims, Pace};
use auth_tests::tokens;
use axum::Router;
use axum::body::Body;
use axum::response::{IntoResponse, Response};
use http::{HeaderValue, Method, Request};
use tower::ServiceExt as _;

type State = Arc<App>;

/// An answer that says which handler ran.
fn ran(handler: &'static str) -> Response {
    ([("x-handler", handler)], handler).into_response()
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn first() -> Response {
    ran("first")
}

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
async fn second() -> Response {
    ran("second")
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn caller(user: Authenticated<Claims>) -> Response {
    let mut answer = ran("caller");
    *answer.body_mut() = Body::from(user.into_inner().sub);
    answer
}

#[public(reason = "anybody may look")]
async fn open() -> Response {
    ran("open")
}

fn app() -> State {
    App::new(Pace::Awaiting)
}

fn request(method: &Method, path: &str) -> Request<Body> {
    let request = Request::builder().method(method).uri(path);
    request.body(Body::empty()).unwrap()
}

fn with_token(mut request: Request<Body>) -> Request<Body> {
    let value = HeaderValue::try_from(format!("Bearer {}", tokens::good())).unwrap();
    request.headers_mut().insert("authorization", value);
    request
}

async fn answer(router: &Router, request: Request<Body>) -> Response {
    router.clone().oneshot(request).await.unwrap()
}

/// Which handler ran, or the status.
fn told(answer: &Response) -> String {
    match answer.headers().get("x-handler") {
        Some(handler) => handler.to_str().unwrap().to_owned(),
        None => answer.status().as_str().to_owned(),
    }
}

async fn anonymous(router: &Router, method: &Method, path: &str) -> String {
    told(&answer(router, request(method, path)).await)
}

async fn admitted(router: &Router, method: &Method, path: &str) -> String {
    told(&answer(router, with_token(request(method, path))).await)
}

async fn text(answer: Response) -> String {
    let body = axum::body::to_bytes(answer.into_body(), 1000)
        .await
        .unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

/// Whether each `WWW-Authenticate` line can be read, and there is one.
fn has_challenge(answer: &Response) -> bool {
    let lines = answer.headers().get_all("www-authenticate");
    lines.iter().count() > 0
        && lines.iter().all(|line| {
            let read: Result<Vec<_>, _> = Challenges::new(line.as_bytes()).collect();
            read.is_ok_and(|challenges| !challenges.is_empty())
        })
}
