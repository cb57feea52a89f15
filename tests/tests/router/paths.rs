//! V11: no spelling of a path is read one way by the router and another way by the guard.

use auth_core::axum::{GuardedRouter, any, get};
use auth_tests::raw::exchange;
use auth_tests::servers::listen;

use super::*;

fn guarded() -> Router {
    let inner = GuardedRouter::new()
        .route("/bearer", any(first))
        .route("/users/{id}", get(first))
        .nest("/deep", GuardedRouter::new().route("/bearer", get(second)))
        .nest_guarded_service::<auth_tests::app::Api>("/files", files());
    GuardedRouter::new()
        .nest("/a", inner)
        .route("/health", get(open))
        .with_state(app())
        .into_router()
}

fn plain() -> Router {
    use axum::routing::{any, get};
    let inner = Router::new()
        .route("/bearer", any(first))
        .route("/users/{id}", get(first))
        .nest("/deep", Router::new().route("/bearer", get(second)))
        .nest("/files", Router::new().fallback(first));
    Router::new()
        .nest("/a", inner)
        .route("/health", get(open))
        .with_state(app())
}

/// Serves everything.
fn files() -> Router {
    Router::new().fallback(|| async { ran("files") })
}

/// Spellings of guarded paths, and paths that lead past public ones.
const SPELLINGS: [&str; 34] = [
    "/a/bearer",
    "//a/bearer",
    "/a//bearer",
    "/a/bearer/",
    "/a/bearer//",
    "/a/bearer;x",
    "/a;x/bearer",
    "/a/bearer;/",
    "/a/%62earer",
    "/%61/bearer",
    "/a%2Fbearer",
    "/a/bearer%2F",
    "/a/bearer%3B",
    "/a/bearer%00",
    "/a/bearer%0A",
    "/a/bearer%20",
    "/A/bearer",
    "/a/BEARER",
    "/a/./bearer",
    "/b/../a/bearer",
    "/health/../a/bearer",
    "/health/..%2Fa/bearer",
    "/a/bearer?x",
    "/a/bearer.html",
    "/a/users/1",
    "/a/users/%2E%2E",
    "/a/users/1;admin",
    "/a/deep/bearer",
    "/a/deep/../bearer",
    "/a/files",
    "/a/files/",
    "/a/files//x",
    "/a/files/..%2F..%2Fhealth",
    "/a/files/x%3By/%61",
];

const METHODS: [&str; 6] = ["GET", "HEAD", "OPTIONS", "POST", "TRACE", "PROPFIND"];

// In process, and as octets over a connection, where no client tidies the path.
#[tokio::test]
async fn no_spelling_of_a_path_reaches_a_handler_v11() {
    for (name, router) in [("guarded", guarded()), ("plain", plain())] {
        let address = listen(router.clone()).await;
        for path in SPELLINGS {
            for method in METHODS {
                let method: Method = method.parse().unwrap();
                let found = anonymous(&router, &method, path).await;
                assert!(
                    matches!(&*found, "401" | "404" | "405"),
                    "{name}: {method} {path}: {found}"
                );
                let octets = format!("{method} {path} HTTP/1.1\r\nHost: localhost\r\n\r\n");
                let answer = exchange(address, octets).await.unwrap();
                assert_eq!(
                    answer.status().to_string(),
                    found,
                    "{name}: {method} {path}"
                );
                assert!(answer.field("x-handler").is_empty());
            }
        }
    }
}

#[tokio::test]
async fn neighbours_are_admitted_v11() {
    let table = [
        ("/a/bearer", "first"),
        ("/a/users/1", "first"),
        ("/a/users/1;admin", "first"),
        ("/a/deep/bearer", "second"),
        ("/a/files", "files"),
        ("/a/files/", "files"),
        ("/a/files/x", "files"),
        ("/health", "open"),
    ];
    let router = guarded();
    for (path, handler) in table {
        assert_eq!(
            admitted(&router, &Method::GET, path).await,
            handler,
            "{path}"
        );
    }
    assert_eq!(anonymous(&router, &Method::GET, "/health").await, "open");
}

// V25: every 401 carries a challenge that can be read, wherever it was made.
#[tokio::test]
async fn every_401_has_a_challenge_v25() {
    let router = GuardedRouter::new()
        .route("/guarded", get(first))
        .nest("/nested", GuardedRouter::new().fallback(first))
        .guarded_service::<auth_tests::app::Api>("/service", files())
        .nest_guarded_service::<auth_tests::app::Api>("/files", files())
        .fallback(second)
        .with_state(app())
        .into_router();
    let by_service = GuardedRouter::new()
        .guarded_fallback_service::<auth_tests::app::Api>(files())
        .with_state(app())
        .into_router();
    for router in [router, by_service] {
        for path in [
            "/guarded",
            "/nested/x",
            "/service",
            "/files",
            "/files/x",
            "/unknown",
        ] {
            for method in [Method::GET, Method::HEAD, Method::POST] {
                for credentials in [None, Some("Bearer bad"), Some("Basic YTpi")] {
                    let mut request = request(&method, path);
                    if let Some(value) = credentials {
                        let value = HeaderValue::from_static(value);
                        request.headers_mut().insert("authorization", value);
                    }
                    let answer = answer(&router, request).await;
                    if path == "/guarded" && answer.status() == 405 {
                        continue;
                    }
                    assert_eq!(answer.status(), 401, "{method} {path} {credentials:?}");
                    assert!(has_challenge(&answer), "{method} {path} {credentials:?}");
                }
            }
        }
    }
}

/// Yields the target that it sees.
struct Targets;

impl auth_core::Verifier for Targets {
    type Scheme = auth_core::Bearer;
    type Identity = String;

    async fn verify<'r>(
        &'r self,
        _: auth_core::BearerToken<'r>,
        request: &'r auth_core::RequestView<'r>,
    ) -> Result<auth_core::Verified<String>, auth_core::Cause> {
        Ok(auth_core::Verified::new(request.target().to_owned()))
    }
}

#[derive(auth_core::AuthState)]
struct Signing {
    #[auth(Bearer)]
    targets: Targets,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn target(seen: Authenticated<String>) -> String {
    seen.into_inner()
}

// V11, D-13: whoever signs a target signs what was sent, not what a nested router left of it.
#[tokio::test]
async fn a_verifier_sees_the_target_that_was_sent_v11() {
    use auth_core::axum::{GuardedRouter, get};

    let inner = || GuardedRouter::new().route("/orders", get(target));
    let deep = GuardedRouter::new().nest("/b", inner());
    let router = GuardedRouter::new().nest("/a", deep.nest("/c", inner()));
    let router: Router = router
        .with_state(Arc::new(Signing { targets: Targets }))
        .into_router();
    for path in ["/a/b/orders?page=2", "/a/c/orders"] {
        let request = Request::get(path).header("authorization", "Bearer x");
        let answer = router.clone().oneshot(request.body(Body::empty()).unwrap());
        let body = axum::body::to_bytes(answer.await.unwrap().into_body(), 100).await;
        assert_eq!(body.unwrap(), path);
    }
}
