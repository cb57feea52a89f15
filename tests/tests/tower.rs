//! The layer that guards a whole service, and the `http` form.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::convert::Infallible;
use std::future::{Future, ready};
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll};

use auth_core::tower::GuardLayer;
use auth_core::{Authenticated, Cause, RequestView, Unseen};
use auth_tests::app::{Api, App, Claims, Pace};
use auth_tests::tokens;
use axum::body::Body;
use http::{Request, Response};
use tower::{Layer as _, Service, ServiceExt as _};

type Layer<W> = GuardLayer<Api, Arc<App>, W>;

/// Tells whom it finds in the extensions, and must be ready before each call; a clone is not.
#[derive(Default)]
struct Inner {
    ready: bool,
    calls: Arc<AtomicUsize>,
}

impl Clone for Inner {
    fn clone(&self) -> Self {
        Self {
            ready: false,
            calls: Arc::clone(&self.calls),
        }
    }
}

impl Service<Request<Body>> for Inner {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.ready = true;
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        assert!(self.ready, "called without having been ready");
        self.ready = false;
        self.calls.fetch_add(1, Ordering::SeqCst);
        let name = request
            .extensions()
            .get::<Authenticated<Claims>>()
            .map_or_else(|| "nobody".to_owned(), |user| user.sub.clone());
        Box::pin(ready(Ok(Response::new(Body::from(name)))))
    }
}

fn request(token: Option<&str>) -> Request<Body> {
    let mut request = Request::get("/");
    if let Some(token) = token {
        request = request.header("authorization", format!("Bearer {token}"));
    }
    request.body(Body::empty()).unwrap()
}

async fn text(response: Response<Body>) -> String {
    let body = axum::body::to_bytes(response.into_body(), 1000)
        .await
        .unwrap();
    String::from_utf8(body.to_vec()).unwrap()
}

#[tokio::test]
async fn the_service_sees_the_identity() {
    let inner = Inner::default();
    let service =
        Layer::<Authenticated<Claims>>::new(App::new(Pace::Awaiting)).layer(inner.clone());
    let answer = service.clone().oneshot(request(None)).await.unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(
        answer.headers()["www-authenticate"],
        r#"Bearer realm="API""#
    );
    assert_eq!(
        inner.calls.load(Ordering::SeqCst),
        0,
        "refused before the service"
    );
    let answer = service
        .oneshot(request(Some(&tokens::good())))
        .await
        .unwrap();
    assert_eq!(text(answer).await, "ada");
}

#[tokio::test]
async fn without_an_identity_the_service_finds_none() {
    let service = Layer::<Unseen>::new(App::new(Pace::AtOnce)).layer(Inner::default());
    let answer = service
        .oneshot(request(Some(&tokens::good())))
        .await
        .unwrap();
    assert_eq!(text(answer).await, "nobody");
}

// The instance that was polled ready takes the request, also for a second one.
#[tokio::test]
async fn readiness_is_honoured() {
    let mut service = Layer::<Unseen>::new(App::new(Pace::Awaiting)).layer(Inner::default());
    for _ in 0..3 {
        let ready = service.ready().await.unwrap();
        assert_eq!(
            ready
                .call(request(Some(&tokens::good())))
                .await
                .unwrap()
                .status(),
            200
        );
    }
}

#[tokio::test]
async fn a_request_can_be_checked_by_hand() {
    let app = App::new(Pace::Awaiting);
    let good = request(Some(&tokens::good()));
    let user: Authenticated<Claims> =
        auth_core::http::check::<Api, _, _>(&app, RequestView::of(&good))
            .await
            .unwrap();
    assert_eq!(user.sub, "ada");
    assert!(user.grants().has_scope("orders:read"));
    assert_eq!(user.grants().expires_at(), Some(tokens::NOW + 3600));
    assert_eq!(user.into_inner().sub, "ada");

    let (parts, ()) = Request::get("/").body(()).unwrap().into_parts();
    let refusal = auth_core::http::check::<Api, Unseen, _>(&app, RequestView::of_parts(&parts))
        .await
        .unwrap_err();
    assert_eq!(refusal.cause(), &Cause::Missing);
    assert_eq!(refusal.policy(), "auth_tests::app::Api");
    assert_eq!(refusal.error(), "authentication_required");
}
