//! Services behind a guard, public ones, and routers without decisions.

use std::convert::Infallible;
use std::future::{Ready, ready};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use auth_core::auth_policy;
use auth_core::axum::{GuardedRouter, get};
use auth_tests::app::{Api, User};
use axum::extract::{Path, Request};
use tower::Service;

use super::*;

#[auth_policy(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
struct Either;

/// Tells whom it finds and what path it sees. It must be ready before each call; a clone is not.
#[derive(Default)]
struct Mirror {
    ready: bool,
    calls: Arc<AtomicUsize>,
}

impl Clone for Mirror {
    fn clone(&self) -> Self {
        Self {
            ready: false,
            calls: Arc::clone(&self.calls),
        }
    }
}

impl Service<Request> for Mirror {
    type Response = Response;
    type Error = Infallible;
    type Future = Ready<Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        assert!(self.ready, "called without having been ready");
        self.ready = false;
        self.calls.fetch_add(1, Ordering::SeqCst);
        let extensions = request.extensions();
        let name = match (
            extensions.get::<Authenticated<Claims>>(),
            extensions.get::<Authenticated<User>>(),
        ) {
            (Some(claims), _) => &claims.sub,
            (_, Some(user)) => &user.name,
            _ => "nobody",
        };
        let answer = format!("{name} {} {}", request.method(), request.uri());
        ready(Ok(answer.into_response()))
    }
}

async fn seen(router: &Router, request: http::Request<Body>) -> String {
    let answer = answer(router, request).await;
    match answer.status().as_u16() {
        200 => text(answer).await,
        status => status.to_string(),
    }
}

#[tokio::test]
async fn a_guarded_service_is_checked_with_the_state_of_its_router() {
    let mirror = Mirror::default();
    let router = GuardedRouter::new()
        .guarded_service::<Api>("/unseen/{*rest}", mirror.clone())
        .guarded_service::<(Api, Authenticated<Claims>)>("/claims", mirror.clone())
        .guarded_service::<(Either, Authenticated<User>)>("/user", mirror.clone())
        .nest_guarded_service::<(Api, Authenticated<Claims>)>("/under", mirror.clone())
        .nest_guarded_service::<Api>("/slash/", mirror.clone())
        .guarded_fallback_service::<(Api, Authenticated<Claims>)>(mirror.clone())
        .with_state(app())
        .into_router();
    let table = [
        ("/unseen/x?q", "nobody GET /unseen/x?q"),
        ("/claims", "ada GET /claims"),
        ("/user", "ada GET /user"),
        ("/under", "ada GET /"),
        ("/under/", "ada GET /"),
        ("/under/x/y?q", "ada GET /x/y?q"),
        ("/slash/", "nobody GET /"),
        ("/slash/x", "nobody GET /x"),
        ("/slash", "ada GET /slash"),
        ("/other", "ada GET /other"),
    ];
    for (path, _) in table {
        let refused = answer(&router, request(&Method::GET, path)).await;
        assert_eq!(refused.status(), 401, "{path}");
        assert!(has_challenge(&refused), "{path}");
    }
    assert_eq!(mirror.calls.load(Ordering::SeqCst), 0, "refused before");
    for (path, expected) in table {
        let request = with_token(request(&Method::GET, path));
        assert_eq!(seen(&router, request).await, expected);
    }
    assert_eq!(mirror.calls.load(Ordering::SeqCst), table.len());
}

// A whole plain router behind one policy; its handlers find their own parts of the path only.
#[tokio::test]
async fn a_plain_router_behind_a_guard() {
    async fn part(Path(name): Path<String>) -> String {
        name
    }
    let old = Router::new().route("/{name}", axum::routing::get(part));
    let router = GuardedRouter::new()
        .nest_guarded_service::<Api>("/old", old)
        .with_state(app())
        .into_router();
    let path = "/old/a%20b";
    assert_eq!(seen(&router, request(&Method::GET, path)).await, "401");
    let admitted = with_token(request(&Method::GET, path));
    assert_eq!(seen(&router, admitted).await, "a b");
    // It is the guard that answers for what is unknown in there.
    assert_eq!(anonymous(&router, &Method::GET, "/old/a/b").await, "401");
    assert_eq!(admitted_status(&router, "/old/a/b").await, "404");
}

async fn admitted_status(router: &Router, path: &str) -> String {
    admitted(router, &Method::GET, path).await
}

#[tokio::test]
async fn public_services_are_open_and_see_no_identity() {
    let mirror = Mirror::default();
    let router: Router = GuardedRouter::new()
        .public_service("/one", "pictures", mirror.clone())
        .nest_public_service("/under", "pictures", mirror.clone())
        .public_fallback_service("pictures", mirror)
        .into();
    for (path, expected) in [
        ("/one", "nobody GET /one"),
        ("/under", "nobody GET /"),
        ("/under/", "nobody GET /"),
        ("/under/x", "nobody GET /x"),
        ("/other", "nobody GET /other"),
    ] {
        let request = with_token(request(&Method::GET, path));
        assert_eq!(seen(&router, request).await, expected);
    }
}

async fn plain() -> Response {
    ran("plain")
}

// A service moves over one handler at a time, also within a path.
#[tokio::test]
async fn undecided_routes_stay_beside_decided_ones() {
    let old = Router::new()
        .route("/old", axum::routing::any(plain))
        .route("/both", axum::routing::post(plain));
    let routes = GuardedRouter::new()
        .route("/both", get(first))
        .undecided("moves in March", old);
    assert!(routes.endpoints()[1].to_string().contains("moves in March"));
    let router = routes.with_state(app()).into_router();
    assert_eq!(anonymous(&router, &Method::GET, "/both").await, "401");
    assert_eq!(anonymous(&router, &Method::HEAD, "/both").await, "401");
    assert_eq!(admitted(&router, &Method::GET, "/both").await, "first");
    assert_eq!(anonymous(&router, &Method::POST, "/both").await, "plain");
    assert_eq!(anonymous(&router, &Method::GET, "/old").await, "plain");
}

#[test]
#[should_panic(expected = "say why")]
fn undecided_needs_a_reason() {
    let _: GuardedRouter = GuardedRouter::new().undecided("", Router::new());
}

#[test]
#[should_panic(expected = "say why")]
fn a_public_service_needs_a_reason() {
    let _: GuardedRouter = GuardedRouter::new().public_service("/", "", Mirror::default());
}
