//! Requests that a handler or a layer makes of others, with their extensions: `Authentication-Info` is for whoever is
//! answered.

use std::sync::Arc;

use auth_core::axum::{DigestLayer, GuardedRouter, any};
use auth_core::{Authenticated, requires_auth};
use auth_tests::digest::Client;
use axum::body::Body;
use axum::extract::State;
use axum::middleware::{Next, from_fn_with_state};
use http::{Request, Response};
use tower::ServiceExt as _;

use crate::server::{App, Server, Signed, Told, all, app, honest, signed};

const ADMITTED: (u16, &str) = (200, "admitted");

/// A router whose guards find only what came along in the extensions.
fn inner(app: &Arc<App>) -> axum::Router {
    axum::Router::new()
        .route("/a", axum::routing::any(signed))
        .with_state(Arc::clone(app))
}

/// Asks another service with credentials of its own, and the extensions of this one.
async fn asks(inner: axum::Router, own: Client, outer: Request<Body>) -> Response<Body> {
    let mut request = honest(&own);
    *request.extensions_mut() = outer.into_parts().0.extensions;
    let response = inner.oneshot(request).await.unwrap();
    let told = Told::of(response).await;
    assert_eq!((told.outcome(), told.info), (ADMITTED, None));
    Response::new(told.content.into())
}

#[tokio::test]
async fn d21_what_is_said_of_the_handlers_own_credentials_is_not_for_the_client() {
    let (app, _) = app();
    let inner = inner(&app);
    for covering in [false, true] {
        let own = all(&app)[0].client("/a").await;
        let gateway = async |State((inner, own)): State<(axum::Router, Client)>,
                             request: Request<Body>| {
            asks(inner, own, request).await
        };
        let router = axum::Router::new()
            .route("/a", axum::routing::any(gateway))
            .layer(DigestLayer::new())
            .with_state((inner.clone(), own.clone()));
        let open = Server::router("open", router);
        let mut request = Request::get("/a").body(Body::empty()).unwrap();
        if covering {
            // Credentials that nobody looks at here.
            request = honest(&own.clone().counting(9).covering(""));
        }
        let told = open.told(request).await;
        assert_eq!((told.outcome(), told.info), (ADMITTED, None));
        assert_eq!(told.content, "Mufasa /a ");
    }
}

/// What the guarded one forwards with.
#[derive(Clone)]
struct Forwards(axum::Router, Client);

#[requires_auth(Signed)]
async fn forwards(_user: Authenticated<String>, request: Request<Body>) -> Response<Body> {
    let Forwards(inner, own) = request.extensions().get().cloned().unwrap();
    asks(inner, own, request).await
}

#[tokio::test]
async fn d21_the_client_gets_what_was_said_of_its_own() {
    let (app, _) = app();
    let own = all(&app)[0].client("/a").await;
    let extension = axum::Extension(Forwards(inner(&app), own));
    let router = GuardedRouter::new()
        .route("/a", any(forwards))
        .with_state(Arc::clone(&app))
        .into_router();
    let server = Server::router("forwards", router.layer(extension));
    let client = server.client("/a").await;
    let told = server.told(honest(&client)).await;
    assert_eq!(told.outcome(), ADMITTED);
    assert_eq!(told.info, Some(client.info("")));
}

// A layer that sends a copy elsewhere, before or after: one answer, which covers what the client gets.
#[tokio::test]
async fn d21_a_copy_of_the_request_adds_nothing_to_its_answer() {
    async fn copied(
        State(inner): State<axum::Router>,
        request: Request<Body>,
        next: Next,
    ) -> Response<Body> {
        let copy = |request: &Request<Body>| {
            let mut copy = Request::new(Body::empty());
            copy.headers_mut().clone_from(request.headers());
            *copy.extensions_mut() = request.extensions().clone();
            *copy.uri_mut() = request.uri().clone();
            copy
        };
        let (before, after) = (copy(&request), copy(&request));
        let before = Told::of(inner.clone().oneshot(before).await.unwrap()).await;
        let response = next.run(request).await;
        let after = Told::of(inner.oneshot(after).await.unwrap()).await;
        assert_eq!((before.info, after.info), (None, None));
        response
    }
    let (app, _) = app();
    let router = inner(&app)
        .layer(from_fn_with_state(inner(&app), copied))
        .layer(DigestLayer::new());
    let server = Server::router("copied", router);
    let client = server.client("/a").await;
    for client in [client.clone(), client.counting(2).covering("")] {
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), ADMITTED);
        let content = match client.qop {
            "auth" => "",
            _ => "Mufasa /a ",
        };
        assert_eq!(told.info, Some(client.info(content)));
    }
}

// D-10: the parts of one request, each with credentials of its own, are so many requests.
#[tokio::test]
async fn d10_what_one_part_has_used_up_is_a_repetition_in_the_next() {
    let (app, _) = app();
    let layered = axum::Router::new()
        .route("/a", axum::routing::any(signed))
        .layer(DigestLayer::new())
        .with_state(Arc::clone(&app));
    for (name, inner) in [("open", inner(&app)), ("layered", layered)] {
        let part = all(&app)[0].client("/a").await;
        let batch = async |State((inner, part)): State<(axum::Router, Client)>,
                           outer: Request<Body>| {
            let extensions = outer.into_parts().0.extensions;
            let mut outcomes = Vec::new();
            for _ in 0..2 {
                let mut request = honest(&part);
                *request.extensions_mut() = extensions.clone();
                let told = Told::of(inner.clone().oneshot(request).await.unwrap()).await;
                outcomes.push(told.outcome().0.to_string());
            }
            Response::new(Body::from(outcomes.join(" ")))
        };
        let router = axum::Router::new()
            .route("/a", axum::routing::any(batch))
            .layer(DigestLayer::new())
            .with_state((inner, part));
        let request = Request::get("/a").body(Body::empty()).unwrap();
        let told = Server::router(name, router).told(request).await;
        assert_eq!(told.content, "200 401", "{name}");
    }
}

// D-7: a part with a body of its own is not checked by that of the whole.
#[tokio::test]
async fn d7_the_content_of_another_request_is_not_what_is_checked() {
    let (app, _) = app();
    let part = all(&app)[0].client("/a").await.covering("two pears");
    let forward = async |State((inner, part)): State<(axum::Router, Client)>,
                         outer: Request<Body>| {
        let mut request = honest(&part);
        *request.body_mut() = Body::from("ten pears");
        *request.extensions_mut() = outer.extensions().clone();
        let told = Told::of(inner.oneshot(request).await.unwrap()).await;
        assert_eq!(told.outcome(), (500, "not_configured"));
        Response::new(Body::empty())
    };
    let router = axum::Router::new()
        .route("/a", axum::routing::any(forward))
        .layer(DigestLayer::new())
        .with_state((inner(&app), part));
    let request = Request::post("/a").body(Body::from("two pears")).unwrap();
    let told = Server::router("forwards", router).told(request).await;
    assert_eq!(told.outcome(), ADMITTED);
}
