//! `uri` is compared with what the client sent, whatever was done to the request since (D-13).

use std::sync::Arc;

use auth_core::axum::{DigestLayer, GuardedRouter, any};
use auth_core::http::{Guarded, GuardedBody};
use auth_core::{Authenticated, auth_policy, requires_auth};
use axum::body::Body;
use http::{Request, Response, Uri};
use tower::{Layer as _, ServiceExt as _};

use crate::server::{App, REALM, Server, Signed, all, app, honest, request, signed, tell};

#[auth_policy(scheme = "Digest", realm = REALM)]
struct HeadOnly;

/// Without auth-int, whose layer sees more.
#[requires_auth(HeadOnly)]
async fn head_only(user: Authenticated<String>, request: Request<Body>) -> Response<Body> {
    tell(&user, request).await
}

/// The same request under `/inner`.
fn rewritten<B>(mut request: Request<B>) -> Request<B> {
    *request.uri_mut() = format!("/inner{}", request.uri()).parse().unwrap();
    request
}

/// Each with the path that clients ask for, and the one that the handler sees.
fn nested(app: &Arc<App>) -> Vec<(Server, &'static str, &'static str)> {
    let guarded = || {
        GuardedRouter::new()
            .route("/list", any(signed))
            .route("/head", any(head_only))
    };
    let plain = || {
        axum::Router::new()
            .route("/list", axum::routing::any(signed))
            .route("/head", axum::routing::any(head_only))
    };
    let service = || {
        axum::Router::new().fallback_service(tower::service_fn(async |request: Request<Body>| {
            Ok::<_, std::convert::Infallible>(tell("Mufasa", request).await)
        }))
    };
    let given = |router: GuardedRouter<Arc<App>>| router.with_state(Arc::clone(app)).into_router();
    let state = |router: axum::Router<Arc<App>>| router.with_state(Arc::clone(app));
    let server = Server::router;
    vec![
        (
            server(
                "nest, guarded",
                given(GuardedRouter::new().nest("/api", guarded())),
            ),
            "/api/list?n=%20",
            "/list?n=%20",
        ),
        (
            server(
                "nest, guarded, auth",
                given(GuardedRouter::new().nest("/api", guarded())),
            ),
            "/api/head",
            "/head",
        ),
        (
            server(
                "nest twice, guarded",
                given(
                    GuardedRouter::new().nest("/v1", GuardedRouter::new().nest("/api", guarded())),
                ),
            ),
            "/v1/api/list",
            "/list",
        ),
        (
            server(
                "nest",
                state(
                    axum::Router::new()
                        .nest("/api", plain())
                        .layer(DigestLayer::new()),
                ),
            ),
            "/api/list",
            "/list",
        ),
        (
            server(
                "nest, layer inside",
                state(axum::Router::new().nest("/api", plain().layer(DigestLayer::new()))),
            ),
            "/api/list",
            "/list",
        ),
        (
            server(
                "nest, no layer",
                state(axum::Router::new().nest("/api", plain())),
            ),
            "/api/head",
            "/head",
        ),
        (
            server(
                "nest, service",
                state(
                    axum::Router::new().nest_service("/api", plain().with_state(Arc::clone(app))),
                ),
            ),
            "/api/head",
            "/head",
        ),
        (
            server(
                "guarded service",
                given(GuardedRouter::new().nest_guarded_service::<Signed>("/files", service())),
            ),
            "/files/a?b",
            "/a?b",
        ),
        (
            server("fallback", given(GuardedRouter::new().fallback(signed))),
            "/whatever?a",
            "/whatever?a",
        ),
    ]
}

// D-13, V17 (CVE-2012-5887)
#[tokio::test]
async fn d13_under_nest_the_whole_path_counts() {
    let (app, _) = app();
    for (server, target, inner) in nested(&app) {
        let client = server.client(target).await;
        // What the handler sees is not what the client sent.
        if inner != target {
            let mut attack = client.clone();
            inner.clone_into(&mut attack.uri);
            let field = attack.params().field();
            let told = server.told(request("GET", target, &field, b"")).await;
            assert_eq!(
                told.outcome(),
                (400, "digest_uri_mismatch"),
                "{}",
                server.name
            );
            assert_eq!(told.challenges.len(), 1);
        }
        let told = server.told(honest(&client)).await;
        assert_eq!(told.content, format!("Mufasa {inner} "), "{}", server.name);
    }
}

// D-13: behind a layer that rewrites, as long as the exchange begins before it.
#[tokio::test]
async fn d13_behind_a_layer_that_rewrites() {
    let (app, _) = app();
    let rewriting = tower::util::MapRequestLayer::new(rewritten::<Body>);
    let plain = axum::Router::new()
        .route("/inner/a", axum::routing::any(signed))
        .with_state(Arc::clone(&app));
    let layered = DigestLayer::new().layer(rewriting.layer(plain));
    let guarded = GuardedRouter::new()
        .route("/inner/a", any(signed))
        .with_state(Arc::clone(&app))
        .into_router();
    let guarded = DigestLayer::new().layer(rewriting.layer(guarded));
    let http = Guarded::new(Arc::clone(&app), signed);
    let servers = [
        Server::of("axum", move |request| {
            let layered = layered.clone();
            async move { layered.oneshot(request).await.unwrap() }
        }),
        Server::of("axum, guarded", move |request| {
            let guarded = guarded.clone();
            async move { guarded.oneshot(request).await.unwrap() }
        }),
        Server::of("http", move |request| {
            let request = GuardedBody::received(request).map(Body::new);
            http.call(rewritten(request))
        }),
    ];
    for server in servers {
        let client = server.client("/a").await;
        let mut attack = client.clone();
        "/inner/a".clone_into(&mut attack.uri);
        let field = attack.params().field();
        let told = server.told(request("GET", "/a", &field, b"")).await;
        assert_eq!(
            told.outcome(),
            (400, "digest_uri_mismatch"),
            "{}",
            server.name
        );
        let told = server.told(honest(&client)).await;
        assert_eq!(told.content, "Mufasa /inner/a ", "{}", server.name);
        // The content is seen behind it as well.
        let told = server.told(honest(&client.counting(2).covering("x"))).await;
        assert_eq!(told.content, "Mufasa /inner/a x", "{}", server.name);
    }
}

// D-13: without the layer the guard knows the rewritten one only, and refuses.
#[tokio::test]
async fn d13_a_target_that_was_rewritten_unseen_is_refused() {
    let (app, _) = app();
    let http = Guarded::new(app, signed);
    let server = Server::of("http", move |request| http.call(rewritten(request)));
    let client = server.client("/a").await;
    let told = server.told(honest(&client)).await;
    assert_eq!(told.outcome(), (400, "digest_uri_mismatch"));
}

// RFC 9112 §3.2: `uri` is path and query, whatever the form of the target. axum routes none of them.
#[tokio::test]
async fn d13_other_forms_of_targets() {
    let (app, _) = app();
    for server in &all(&app)[2..] {
        let client = server.client("/a?b").await;
        let mut absolute = honest(&client);
        *absolute.uri_mut() = Uri::from_static("http://localhost/a?b");
        let told = server.told(absolute).await;
        assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
        let asterisk = client.clone().asking("OPTIONS", "*").counting(2);
        let told = server.told(honest(&asterisk)).await;
        assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
    }
}
