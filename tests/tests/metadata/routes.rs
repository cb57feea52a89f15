//! The document on a `GuardedRouter`.

use std::sync::Arc;

use auth_core::axum::{GuardedRouter, get};
use auth_core::{AuthState as _, BodyFormat, ProtectedResource, Settings, requires_auth};
use auth_tests::app::{App, Pace};
use axum::Router;
use axum::body::Body;
use axum::response::Response;
use http::{Method, Request};
use tower::ServiceExt as _;

use super::{app, resource, settings};

const PATH: &str = "/.well-known/oauth-protected-resource/mcp";

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn mcp() -> &'static str {
    "mcp"
}

fn router() -> GuardedRouter {
    let app = app();
    GuardedRouter::new()
        .route("/mcp", get(mcp))
        .fallback(mcp)
        .protected_resource(app.settings())
        .with_state(app)
}

async fn answer(router: Router, method: Method, path: &str) -> Response {
    let request = Request::builder()
        .method(method)
        .uri(path)
        .body(Body::empty());
    router.oneshot(request.unwrap()).await.unwrap()
}

// public beside a guarded fallback, whatever is sent along.
#[tokio::test]
async fn the_document_is_public_r3_r6() {
    let router = router().into_router();
    for credentials in [None, Some("Bearer nonsense"), Some("Bearer a b"), Some("x")] {
        let mut request = Request::get(PATH);
        if let Some(credentials) = credentials {
            request = request.header("authorization", credentials);
        }
        let answer = router
            .clone()
            .oneshot(request.body(Body::empty()).unwrap())
            .await
            .unwrap();
        assert_eq!(answer.status(), 200);
        assert_eq!(answer.headers()["content-type"], "application/json");
        assert!(!answer.headers().contains_key("www-authenticate"));
        let body = axum::body::to_bytes(answer.into_body(), 1 << 20)
            .await
            .unwrap();
        assert_eq!(body, resource().document());
    }
    for path in [
        "/mcp",
        "/.well-known/oauth-protected-resource",
        "/elsewhere",
    ] {
        assert_eq!(
            answer(router.clone(), Method::GET, path).await.status(),
            401,
            "{path}"
        );
    }
}

#[tokio::test]
async fn other_methods_are_answered_without_a_challenge() {
    let router = router().into_router();
    let length = resource().document().len().to_string();
    for (method, status) in [
        (Method::HEAD, 200),
        (Method::OPTIONS, 204),
        (Method::POST, 405),
        (Method::DELETE, 405),
    ] {
        let answer = answer(router.clone(), method.clone(), PATH).await;
        assert_eq!(answer.status(), status, "{method}");
        assert_eq!(answer.headers()["access-control-allow-origin"], "*");
        if method == Method::HEAD {
            assert_eq!(answer.headers()["content-length"], length.as_str());
        } else {
            assert_eq!(answer.headers()["allow"], "GET, HEAD, OPTIONS");
        }
        let body = axum::body::to_bytes(answer.into_body(), 1000)
            .await
            .unwrap();
        assert!(body.is_empty(), "{method}");
    }
}

#[test]
fn it_is_listed_with_its_reason_r6() {
    let list: Vec<_> = router()
        .endpoints()
        .iter()
        .map(ToString::to_string)
        .collect();
    assert_eq!(
        list.last().unwrap(),
        "GET OPTIONS /.well-known/oauth-protected-resource/mcp auth_core::resource::ProtectedResource is public: protected resource metadata (RFC 9728)"
    );
}

// Paths are taken as they are written; nothing in them is a pattern.
#[tokio::test]
async fn every_path_of_a_resource_has_a_route() {
    for path in ["", "/", "/a:b*", "/a%20b/", "/~a/(b)"] {
        let resource =
            ProtectedResource::new(format!("https://a.example{path}"), "https://b").unwrap();
        let at = resource.metadata_path().to_owned();
        let settings = Settings::new().with_protected_resource(resource);
        let router: GuardedRouter = GuardedRouter::new().protected_resource(&settings);
        let router = router.into_router();
        assert_eq!(
            answer(router.clone(), Method::GET, &at).await.status(),
            200,
            "{path}"
        );
        let other = format!("{at}x");
        assert_eq!(
            answer(router, Method::GET, &other).await.status(),
            404,
            "{path}"
        );
    }
}

#[test]
#[should_panic(expected = "`Settings::with_protected_resource` gives them one")]
fn settings_without_a_resource_have_no_route() {
    let app = App::with_settings(Pace::AtOnce, settings(BodyFormat::Json));
    let _: GuardedRouter<Arc<App>> = GuardedRouter::new().protected_resource(app.settings());
}

// at another path nobody would find it.
#[test]
#[should_panic(expected = "call `protected_resource` on the outermost router")]
fn the_document_is_not_nested_r2() {
    let _ = GuardedRouter::<()>::new().nest("/api", router());
}

#[tokio::test]
async fn the_document_may_be_merged() {
    let merged = GuardedRouter::<()>::new().merge(router()).into_router();
    assert_eq!(answer(merged, Method::GET, PATH).await.status(), 200);
}
