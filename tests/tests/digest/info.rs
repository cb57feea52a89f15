//! `Authentication-Info` (D-21, D-22).

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use auth_core::axum::{DigestLayer, GuardedRouter, any};
use auth_core::http::Guarded;
use auth_core::tower::{GuardLayer, SeenBodies};
use auth_core::{Authenticated, requires_auth};
use auth_tests::request::Probe;
use axum::body::Body;
use http::{HeaderValue, Request, Response, StatusCode, header};
use tower::{Layer as _, ServiceExt as _};

use crate::server::{App, LIFETIME, LIMIT, NOW, REALM, Server, Signed, Told, all, app, honest};

// D-21: rspauth and cnonce quoted, qop and nc not, those of the request; over an empty method, and with auth-int over the
// content of the answer.
#[tokio::test]
async fn d21_the_server_proves_that_it_knows_the_password() {
    let (app, _) = app();
    for server in all(&app) {
        let client = server.client("/a?b").await.asking("POST", "/a?b");
        let client = client.counting(0xab);
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), (200, "admitted"));
        if server.name == "check" {
            assert_eq!(told.info, None, "nobody adds to that answer");
            continue;
        }
        assert_eq!(told.info, Some(client.info("")), "{}", server.name);

        let covering = client.counting(0xac).covering("two pears");
        let told = server.told(honest(&covering)).await;
        assert_eq!(told.content, "Mufasa /a?b two pears");
        let expected = covering.info("Mufasa /a?b two pears");
        assert_eq!(told.info, Some(expected), "{}", server.name);
    }
}

#[tokio::test]
async fn d21_digits_and_quotes_come_back_as_they_were_sent() {
    let (app, _) = app();
    for server in &all(&app)[..4] {
        let mut client = server.client("/a").await;
        "0000000B".clone_into(&mut client.nc);
        client.cnonce = "a\"b\\c d".to_owned();
        let field = client.params().with("cnonce", "\"a\\\"b\\\\c d\"").field();
        let request = crate::server::request("GET", "/a", &field, b"");
        let told = server.told(request).await;
        let expected = format!(
            "rspauth=\"{}\", qop=auth, cnonce=\"a\\\"b\\\\c d\", nc=0000000B",
            client.rspauth("")
        );
        assert_eq!(told.info, Some(expected), "{}", server.name);
    }
}

// D-21, D-22: `nextnonce` in the last eighth of the nonce's time, and not before.
#[tokio::test]
async fn d22_the_next_nonce_comes_shortly_before_the_end() {
    let eighth = LIFETIME / 8;
    for at in 0..4 {
        let (app, hand) = app();
        let server = &all(&app)[at];
        let client = server.client("/a").await;
        let mut nexts = Vec::new();
        for (nc, left, given) in [
            (1, LIFETIME, false),
            (2, eighth + Duration::from_secs(1), false),
            (3, eighth, true),
            (4, Duration::from_secs(1), true),
        ] {
            hand.set(NOW + LIFETIME.as_secs() - left.as_secs());
            let client = client.clone().counting(nc);
            let told = server.told(honest(&client)).await;
            let (plain, info) = (client.info(""), told.info.unwrap());
            if !given {
                assert_eq!(info, plain, "{} {left:?}", server.name);
                continue;
            }
            let next = info
                .strip_prefix(&format!("{plain}, nextnonce=\""))
                .unwrap();
            let next = next.strip_suffix('"').unwrap();
            assert_ne!(next, client.nonce);
            nexts.push((left, next.to_owned()));
        }
        // Each is good for as long as any other.
        for (left, next) in nexts {
            let mut going_on = client.clone().counting(1);
            going_on.nonce = next;
            hand.set(NOW + 2 * LIFETIME.as_secs() - left.as_secs() - 1);
            let told = server.told(honest(&going_on)).await;
            assert_eq!(told.outcome(), (200, "admitted"), "{}", server.name);
        }
    }
}

#[requires_auth(Signed)]
async fn cached(request: Request<Body>) -> Response<Body> {
    report(&request)
}

fn report(request: &Request<Body>) -> Response<Body> {
    let says = match request.uri().query() {
        Some("public") => "public, max-age=3600",
        Some("never") => "private, no-store",
        _ => return Response::new("report".into()),
    };
    let mut response = Response::new("report".into());
    let says = HeaderValue::from_static(says);
    response.headers_mut().insert(header::CACHE_CONTROL, says);
    response
}

/// [`cached`] on all that add to answers.
fn caching(app: &Arc<App>) -> [Server; 4] {
    let guarded = GuardedRouter::new()
        .route("/a", any(cached))
        .with_state(Arc::clone(app))
        .into_router();
    let plain = axum::Router::new()
        .route("/a", axum::routing::any(cached))
        .layer(DigestLayer::new())
        .with_state(Arc::clone(app));
    let http = Guarded::new(Arc::clone(app), cached);
    let layer = GuardLayer::<Signed, _, Authenticated<String>, SeenBodies>::seeing_bodies;
    let tower = layer(Arc::clone(app)).layer(tower::service_fn(async |request: Request<Body>| {
        Ok::<_, Infallible>(report(&request))
    }));
    [
        Server::router("axum, guarded", guarded),
        Server::router("axum", plain),
        Server::of("http", move |request| http.call(request)),
        Server::of("tower", move |request| {
            let tower = tower.clone();
            async move { tower.oneshot(request).await.unwrap() }
        }),
    ]
}

// H-16, D-22: a nonce goes out where no cache keeps the answer; else the client gets `stale=true` when it is time.
#[tokio::test]
async fn h16_answers_that_caches_keep_carry_no_nonce() {
    for at in 0..4 {
        let (app, hand) = app();
        let server = &caching(&app)[at];
        let mut nc = 0;
        let client = server.client("/a").await;
        for (left, next_is_due) in [(LIFETIME, false), (LIFETIME / 8, true)] {
            hand.set(NOW + LIFETIME.as_secs() - left.as_secs());
            for (target, before, after, may_carry) in [
                ("/a", None, Some("no-store"), true),
                (
                    "/a?never",
                    Some("private, no-store"),
                    Some("private, no-store"),
                    true,
                ),
                (
                    "/a?public",
                    Some("public, max-age=3600"),
                    Some("public, max-age=3600"),
                    false,
                ),
            ] {
                for covering in [false, true] {
                    nc += 1;
                    let mut client = client.clone().asking("GET", target).counting(nc);
                    if covering {
                        client = client.covering("");
                    }
                    let response = server.answer(honest(&client)).await;
                    let says = response.headers().get(header::CACHE_CONTROL);
                    let says = says.map(|says| says.to_str().unwrap());
                    assert_eq!(
                        says,
                        if next_is_due { after } else { before },
                        "{}",
                        server.name
                    );
                    let told = Told::of(response).await;
                    let (plain, info) = (client.info("report"), told.info.unwrap());
                    let carries = info.starts_with(&format!("{plain}, nextnonce=\""));
                    assert_eq!(
                        carries,
                        next_is_due && may_carry,
                        "{} {target}",
                        server.name
                    );
                    assert!(carries || info == plain, "{info}");
                }
            }
        }
        hand.set(NOW + LIFETIME.as_secs());
        let told = server.told(honest(&client.counting(nc + 1))).await;
        assert_eq!(told.outcome(), (401, "stale_nonce"), "{}", server.name);
    }
}

#[requires_auth(Signed, permit = &**user == "nobody")]
async fn permitted(user: Authenticated<String>, _request: Request<Body>) -> Response<Body> {
    unreachable!()
}

#[requires_auth(Signed)]
async fn failing(_request: Request<Body>) -> Response<Body> {
    let mut response = Response::new("sorry".into());
    *response.status_mut() = StatusCode::INTERNAL_SERVER_ERROR;
    response
}

#[requires_auth(Signed)]
async fn empty(_request: Request<Body>) -> Response<Body> {
    let mut response = Response::new("a body that is not sent".into());
    *response.status_mut() = StatusCode::NO_CONTENT;
    response
}

#[requires_auth(Signed)]
async fn streaming(_request: Request<Body>) -> Response<Body> {
    Response::new(Body::new(Probe::new("two pears").0))
}

#[requires_auth(Signed)]
async fn long(request: Request<Body>) -> Response<Body> {
    let octets: usize = request.uri().query().unwrap().parse().unwrap();
    Response::new("x".repeat(octets).into())
}

fn routers() -> [Server; 2] {
    let (app, _) = app();
    let guarded = GuardedRouter::new()
        .route("/permitted", any(permitted))
        .route("/failing", any(failing))
        .route("/empty", any(empty))
        .route("/streaming", any(streaming))
        .route("/long", any(long))
        .with_state(app.clone())
        .into_router();
    let plain = axum::Router::new()
        .route("/permitted", axum::routing::any(permitted))
        .route("/failing", axum::routing::any(failing))
        .route("/empty", axum::routing::any(empty))
        .route("/streaming", axum::routing::any(streaming))
        .route("/long", axum::routing::any(long))
        .layer(DigestLayer::new())
        .with_state(app);
    [
        Server::router("axum, guarded", guarded),
        Server::router("axum", plain),
    ]
}

// A refusal behind the guard carries none, and no challenge: the credentials were good.
#[tokio::test]
async fn d21_none_for_who_is_refused_by_a_condition() {
    for server in routers() {
        let client = server.client("/permitted").await;
        for client in [client.clone(), client.counting(2).covering("")] {
            let told = server.told(honest(&client)).await;
            assert_eq!(told.outcome(), (403, "forbidden"), "{}", server.name);
            assert_eq!((told.info, &*told.challenges), (None, &[][..]));
        }
    }
}

#[tokio::test]
async fn d21_what_the_handler_answers_is_covered_whatever_its_status() {
    for server in routers() {
        for (target, content) in [("/failing", "sorry"), ("/empty", "")] {
            let client = server.client(target).await;
            let told = server.told(honest(&client)).await;
            assert_eq!(told.info, Some(client.info("")), "{}", server.name);
            let client = client.counting(2).covering("x");
            let told = server.told(honest(&client)).await;
            assert_eq!(told.info, Some(client.info(content)), "{}", server.name);
        }
    }
}

// A stream is not waited for: without auth-int it has one, with auth-int none.
#[tokio::test]
async fn d21_a_stream_goes_on_without() {
    for server in routers() {
        let client = server.client("/streaming").await;
        let told = server.told(honest(&client)).await;
        assert_eq!(told.info, Some(client.info("")), "{}", server.name);
        let told = server.told(honest(&client.counting(2).covering(""))).await;
        assert_eq!((told.info, &*told.content), (None, "two pears"));
    }
}

#[tokio::test]
async fn d21_up_to_the_limit_of_the_verifier() {
    for server in routers() {
        for (octets, covered) in [(LIMIT, true), (LIMIT + 1, false)] {
            let target = format!("/long?{octets}");
            let client = server.client(&target).await.covering("");
            let told = server.told(honest(&client)).await;
            let content = "x".repeat(octets);
            let expected = covered.then(|| client.info(&content));
            assert_eq!((told.info, told.content), (expected, content));
        }
    }
}

// RFC 9110 §9.3.2: the answer to HEAD has no content.
#[tokio::test]
async fn d21_head_is_covered_as_empty() {
    let (app, _) = app();
    for server in &all(&app)[..4] {
        let client = server.client("/a").await.asking("HEAD", "/a").covering("");
        let response = server.answer(honest(&client)).await;
        assert_eq!(response.status(), StatusCode::OK);
        let info = response.headers()["authentication-info"].to_str().unwrap();
        assert_eq!(info, client.info(""), "{}", server.name);
        // A refusal has none either, and its challenges all the same.
        let request = Request::head("/a").body(Body::empty()).unwrap();
        let told = server.told(request).await;
        assert_eq!(
            (told.status, told.challenges.len()),
            (StatusCode::UNAUTHORIZED, 1)
        );
        assert_eq!((told.info, &*told.content), (None, ""));
    }
}

// A plain router without the layer: `auth` works, and says nothing of itself; `auth-int` is answered 500.
#[tokio::test]
async fn without_the_layer_auth_works_and_auth_int_is_a_fault_of_the_set_up() {
    #[requires_auth(scheme = "Digest", realm = REALM, qop = "auth, auth-int")]
    async fn plain(user: Authenticated<String>) -> String {
        user.into_inner()
    }
    let (app, _) = app();
    let router = axum::Router::new().route("/a", axum::routing::any(plain));
    let server = Server::router("axum", router.with_state(app));
    let client = server.client("/a").await;
    let told = server.told(honest(&client)).await;
    assert_eq!((told.outcome(), told.info), ((200, "admitted"), None));
    let client = client.counting(2).covering("x");
    let response = server.answer(honest(&client)).await;
    let cause = response.extensions().get::<auth_core::Cause>().unwrap();
    assert!(cause.to_string().contains("DigestLayer"), "{cause}");
    assert!(!response.headers().contains_key(header::WWW_AUTHENTICATE));
    assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
    // It used nothing up.
    let told = server.told(honest(&server.client("/a").await)).await;
    assert_eq!(told.outcome(), (200, "admitted"));
}
