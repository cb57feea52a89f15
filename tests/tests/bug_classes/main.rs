//! The bug classes V11, V12, V13, V19, V20, V25, V26 and V27, over every way to guard something: the attack is
//! refused, its legitimate neighbour is admitted. What must not compile stands in `tests/ui`.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::unused_async,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    reason = "tests"
)]

mod precedence;
mod status;
mod surface;

use std::sync::Arc;

use auth_core::tower::GuardLayer;
use auth_core::{Authenticated, BodyFormat, Settings, Unseen};
use auth_syntax::Challenges;
use auth_tests::request::post;
use axum::Router;
use axum::body::Body;
use http::{HeaderMap, HeaderValue, Method, Request, Response, StatusCode};
use tower::{Layer as _, ServiceExt as _, service_fn};

use surface::{App, Open, SURFACE, User, answer, guarded, router};

fn request(method: &str, path: &str, fields: &[(&'static str, &str)]) -> Request<Body> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in fields {
        request = request.header(*name, *value);
    }
    request.body(Body::from("body")).unwrap()
}

/// Which handler ran, or the status of a refusal.
fn told(answer: &Response<Body>) -> String {
    match answer.headers().get("x-handler") {
        Some(handler) => handler.to_str().unwrap().to_owned(),
        None => answer.status().as_str().to_owned(),
    }
}

/// How many challenges there are; each field line has to be readable.
fn challenges(fields: &HeaderMap) -> usize {
    let lines = fields.get_all("www-authenticate").iter();
    lines
        .map(|line| {
            let read: Result<Vec<_>, _> = Challenges::new(line.as_bytes()).collect();
            read.unwrap_or_else(|_| panic!("{line:?}")).len()
        })
        .sum()
}

async fn body(answer: Response<Body>) -> String {
    let body = axum::body::to_bytes(answer.into_body(), 1 << 20).await;
    String::from_utf8(body.unwrap().to_vec()).unwrap()
}

// V11

/// Other spellings of a path.
fn spellings(path: &str) -> Vec<String> {
    let name = &path[1..];
    let (first, rest) = name.split_at(1);
    let encoded = format!("%{:02X}{rest}", first.as_bytes()[0]);
    vec![
        format!("/a/{name}"),
        format!("//a/{name}"),
        format!("/a//{name}"),
        format!("/a/{name}/"),
        format!("/a/{name}//"),
        format!("/a/{name};x"),
        format!("/a;x/{name}"),
        format!("/a/{name}%3B"),
        format!("/a/{name}%3Bx=y"),
        format!("/a/{encoded}"),
        format!("/a%2F{name}"),
        format!("/a/{name}%2F"),
        format!("/a/{name}%00"),
        format!("/a/{name}%0A"),
        format!("/a/{name}%20"),
        format!("/A/{name}"),
        format!("/a/{}", name.to_uppercase()),
        format!("/a/./{name}"),
        format!("/a/%2e/{name}"),
        format!("/b/../a/{name}"),
        format!("/a/open/..%2F{name}"),
        format!("/a/{name}?x"),
        format!("/a/{name}.html"),
        format!("/a/{name}/x"),
    ]
}

#[tokio::test]
async fn v11_no_spelling_of_a_path_reaches_anything() {
    let app = App::new(Settings::new());
    let nested = auth_core::axum::GuardedRouter::new()
        .nest("/a", guarded(&app))
        .with_state(Arc::clone(&app))
        .into_router();
    for (path, good) in SURFACE {
        for spelling in spellings(path) {
            for method in ["GET", "HEAD", "OPTIONS", "POST", "TRACE", "PROPFIND"] {
                let refused = answer(&nested, request(method, &spelling, &[])).await;
                let status = told(&refused);
                assert!(
                    matches!(&*status, "401" | "404"),
                    "{method} {spelling}: {status}"
                );
                // Behind the prefix nothing is open, not even what is unknown.
                assert!(
                    status == "401" || !spelling.starts_with("/a/"),
                    "{spelling}"
                );
            }
        }
        let neighbour = format!("/a{path}");
        let admitted = answer(&nested, request("POST", &neighbour, good)).await;
        assert_eq!(told(&admitted), path, "{neighbour}");
    }
}

// V13

#[tokio::test]
async fn v13_not_an_octet_of_the_body_is_read_before_the_check() {
    let router = router(&App::new(Settings::new()));
    let wrong: [&[(&str, &str)]; 3] = [
        &[],
        &[
            ("authorization", "Bearer bad"),
            ("x-key", "bad"),
            ("cookie", "id=bad"),
        ],
        &[
            ("authorization", "Digest username=\"good\""),
            ("cookie", "good"),
        ],
    ];
    // Half of what is demanded is not enough.
    let half: [&[(&str, &str)]; 2] = [&[("authorization", "Bearer good")], &[("x-key", "good")]];
    let rows = SURFACE
        .into_iter()
        .flat_map(|(path, _)| wrong.map(|fields| (path, fields)));
    for (path, fields) in rows.chain(half.map(|fields| ("/both", fields))) {
        let (request, polled) = post(path, &as_octets(fields), "{malformed json");
        let refused = answer(&router, request).await;
        assert_eq!(told(&refused), "401", "{path} {fields:?}");
        assert!(!polled.get(), "{path} {fields:?}");
    }
    for (path, good) in SURFACE {
        let (request, polled) = post(path, &as_octets(good), "fifteen octets!");
        let admitted = answer(&router, request).await;
        assert_eq!(told(&admitted), path);
        assert!(polled.get(), "{path}: the handler reads the body");
        assert_eq!(body(admitted).await, "15", "{path}: all of it");
    }
}

fn as_octets<'f>(fields: &[(&'static str, &'f str)]) -> Vec<(&'static str, &'f [u8])> {
    let fields = fields.iter();
    fields
        .map(|(name, value)| (*name, value.as_bytes()))
        .collect()
}

// V19

#[tokio::test]
async fn v19_no_verifier_hears_of_empty_credentials() {
    let app = App::new(Settings::new());
    let router = router(&app);
    let empty: [(&'static str, &[&str]); 3] = [
        (
            "authorization",
            &[
                "",
                " ",
                "Bearer",
                "Bearer ",
                "Bearer  \t",
                "Bearer ,",
                "Bearer \"\"",
                "Bearer =",
                "Basic",
                "Basic ",
                "Basic \"\"",
                "Basic =",
                "Basic ====",
                "Ticket",
                "Ticket  ",
            ],
        ),
        ("x-key", &["", " ", "\t"]),
        (
            "cookie",
            &[
                "",
                " ",
                ";",
                "id",
                "id=",
                "id= ",
                "id=\t",
                " id = ",
                "id=;",
                "id=; a=b",
                "a=b; id=",
                "a=b;id",
                "id=\"\"",
                "id= \"\" ",
                "=",
                "=good",
                "=id",
                "id;=good",
            ],
        ),
    ];
    for (path, _) in SURFACE {
        for (name, values) in empty {
            for value in values {
                let refused = answer(&router, request("GET", path, &[(name, value)])).await;
                let status = refused.status().as_u16();
                assert!(
                    matches!(status, 400 | 401),
                    "{path} {name}: {value:?} {status}"
                );
                assert_eq!(app.asked(), 0, "{path} {name}: {value:?}");
            }
        }
    }
    for (asked_before, (path, good)) in SURFACE.into_iter().enumerate() {
        let before = app.asked();
        let admitted = answer(&router, request("GET", path, good)).await;
        assert_eq!(told(&admitted), path, "row {asked_before}");
        assert!(app.asked() > before, "{path}");
    }
}

// Servers that forget a cookie often send it quoted and empty, and browsers send it back.
#[tokio::test]
async fn v19_an_empty_cookie_is_nothing_quoted_or_not() {
    let router = router(&App::new(Settings::new()));
    for path in ["/session", "/key-cookie"] {
        let nothing = body(answer(&router, request("GET", path, &[])).await).await;
        for cookie in ["id=", "id=\"\"", "a=b; id=\"\"; c=d"] {
            let refused = answer(&router, request("GET", path, &[("cookie", cookie)])).await;
            assert_eq!(refused.status(), 401, "{path} {cookie}");
            assert_eq!(body(refused).await, nothing, "{path} {cookie}");
        }
        // V10: it is there nevertheless.
        let twice = [("cookie", "id=\"\"; id=good")];
        assert_eq!(
            told(&answer(&router, request("GET", path, &twice)).await),
            "400"
        );
        let good = [("cookie", "id=good")];
        assert_eq!(
            told(&answer(&router, request("GET", path, &good)).await),
            path
        );
    }
}

// V20. That nobody makes a guard, an identity or a permission by hand is told by the compiler: see
// `guard_forged`, `identity_forged` and their neighbours in `tests/ui/types`.

/// What a service behind this layer finds in the extensions.
async fn found_behind<W>(app: &Arc<App>, fields: &[(&'static str, &str)]) -> String
where
    W: auth_core::Wanted + auth_core::FromVerified<User> + Clone + Sync,
{
    let service = service_fn(|request: Request<Body>| async move {
        let extensions = request.extensions();
        let somebody = extensions.get::<Authenticated<User>>().is_some();
        let perhaps = extensions.get::<Option<Authenticated<User>>>();
        let found = match perhaps.map(Option::is_some) {
            // Whoever demands somebody hands it on in both forms.
            Some(true) if somebody => "somebody",
            Some(true) => "perhaps: somebody",
            Some(false) if somebody => "somebody of another guard",
            Some(false) => "perhaps: nobody",
            None if somebody => "half of somebody",
            None => "nothing",
        };
        Ok::<_, std::convert::Infallible>(Response::new(Body::from(found)))
    });
    let layer: GuardLayer<Open, Arc<App>, W> = GuardLayer::new(Arc::clone(app));
    let answer = layer.layer(service).oneshot(request("GET", "/", fields));
    let answer = answer.await.unwrap();
    match answer.status() {
        StatusCode::OK => body(answer).await,
        other => other.as_str().to_owned(),
    }
}

#[tokio::test]
async fn v20_nobody_is_somebody_only_to_whoever_asks() {
    let app = App::new(Settings::new());
    let good: &[(&str, &str)] = &[("authorization", "Bearer good")];
    // Without a place for nobody, an optional policy admits nobody to nothing.
    assert_eq!(found_behind::<Unseen>(&app, &[]).await, "401");
    assert_eq!(found_behind::<Authenticated<User>>(&app, &[]).await, "401");
    let perhaps = found_behind::<Option<Authenticated<User>>>(&app, &[]).await;
    assert_eq!(perhaps, "perhaps: nobody");
    assert_eq!(found_behind::<Unseen>(&app, good).await, "nothing");
    assert_eq!(
        found_behind::<Authenticated<User>>(&app, good).await,
        "somebody"
    );
    let perhaps = found_behind::<Option<Authenticated<User>>>(&app, good).await;
    assert_eq!(perhaps, "perhaps: somebody");
    // Nor is the caller of a guard outside taken for that of an optional one inside.
    let service = service_fn(|request: Request<Body>| async move {
        let stale = request.extensions().get::<Authenticated<User>>().is_some();
        Ok::<_, std::convert::Infallible>(Response::new(Body::from(stale.to_string())))
    });
    let inside: GuardLayer<Open, Arc<App>, Option<Authenticated<User>>> =
        GuardLayer::new(Arc::clone(&app));
    let outside: GuardLayer<Open, Arc<App>, Authenticated<User>> =
        GuardLayer::new(Arc::clone(&app));
    let answer = outside
        .layer(inside.layer(service))
        .oneshot(request("GET", "/", good));
    assert_eq!(body(answer.await.unwrap()).await, "false");
    for fields in [
        &[("authorization", "Bearer bad")],
        &[("authorization", "Basic Z29vZDo=")],
    ] {
        let perhaps = found_behind::<Option<Authenticated<User>>>(&app, fields).await;
        assert_eq!(perhaps, "401", "{fields:?}");
    }
}

// V25

#[tokio::test]
async fn v25_every_401_has_a_challenge_that_can_be_read() {
    let custom = BodyFormat::custom(|_| auth_core::Body {
        content_type: HeaderValue::from_static("text/html"),
        content: "<h1>no</h1>".into(),
    });
    let words = [
        "",
        "bad",
        "low-acr",
        "low-scope",
        "ended",
        "revoked",
        "a b",
        "down",
        "many",
    ];
    let mut refused = 0;
    for format in [BodyFormat::Json, BodyFormat::Problem, custom] {
        let router = router(&App::new(Settings::new().with_body_format(format)));
        for (path, _) in SURFACE {
            for word in words {
                let (token, cookie) = (format!("Bearer {word}"), format!("id={word}"));
                let all = [
                    ("authorization", &*token),
                    ("x-key", word),
                    ("cookie", &*cookie),
                ];
                let foreign = [("authorization", "Negotiate abc"), ("x-key", word)];
                for fields in [&all[..], &all[..1], &all[1..], &foreign] {
                    for method in ["GET", "HEAD", "OPTIONS"] {
                        let answer = answer(&router, request(method, path, fields)).await;
                        let count = challenges(answer.headers());
                        let place = format!("{method} {path} {fields:?}: {}", answer.status());
                        match answer.status().as_u16() {
                            401 => assert!(count > 0, "{place}"),
                            // What is no question of who it is invites nobody to say it again.
                            429 | 500 | 503 => assert_eq!(count, 0, "{place}"),
                            _ => {}
                        }
                        refused += usize::from(answer.status() == 401);
                    }
                }
            }
        }
    }
    assert!(refused > 1000, "{refused}");
}

// A permission that is missing is none that credentials could bring.
#[tokio::test]
async fn v25_a_403_of_permit_has_no_challenge() {
    let router = router(&App::new(Settings::new()));
    let fields = [("authorization", "Bearer good"), ("x-no", "1")];
    let forbidden = answer(&router, request("GET", "/permit", &fields)).await;
    assert_eq!(forbidden.status(), 403);
    assert_eq!(challenges(forbidden.headers()), 0);
    let nobody = answer(&router, request("GET", "/permit", &fields[1..])).await;
    assert_eq!(
        (nobody.status().as_u16(), challenges(nobody.headers())),
        (401, 1)
    );
}

// A panic ends the request: it is no admission, and no 401 without a challenge.
#[tokio::test]
async fn v25_a_verifier_that_panics_admits_nobody() {
    let router = router(&App::new(Settings::new()));
    let panicking = [
        ("authorization", "Bearer panic"),
        ("x-key", "panic"),
        ("cookie", "id=panic"),
    ];
    let basic = [("authorization", "Basic cGFuaWM6")];
    let ticket = [("authorization", "Ticket panic")];
    for (path, good) in SURFACE {
        let fields: &[(&'static str, &str)] = match path {
            "/password" => &basic,
            "/ticket" => &ticket,
            _ => &panicking,
        };
        let asked = tokio::spawn(router.clone().oneshot(request("GET", path, fields))).await;
        assert!(asked.is_err_and(|error| error.is_panic()), "{path}");
        // The application goes on.
        assert_eq!(
            told(&answer(&router, request("GET", path, good)).await),
            path
        );
    }
}

// V27

const PREFLIGHT: [(&str, &str); 2] = [
    ("origin", "https://shop.example"),
    ("access-control-request-method", "POST"),
];

#[tokio::test]
async fn v27_no_method_goes_past_the_guard() {
    let router = router(&App::new(Settings::new()));
    let methods = [
        "GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE", "TRACE", "PROPFIND", "get",
        "options",
    ];
    let disguises: [&[(&'static str, &str)]; 4] = [
        &[],
        &PREFLIGHT,
        &[
            ("x-http-method-override", "OPTIONS"),
            ("x-method-override", "HEAD"),
        ],
        &[
            ("x-original-method", "OPTIONS"),
            ("x-forwarded-method", "OPTIONS"),
        ],
    ];
    for (path, good) in SURFACE {
        for method in methods {
            for disguise in disguises {
                let refused = answer(&router, request(method, path, disguise)).await;
                assert_eq!(told(&refused), "401", "{method} {path} {disguise:?}");
                assert!(challenges(refused.headers()) > 0);
                let fields: Vec<_> = good.iter().chain(disguise).copied().collect();
                let admitted = answer(&router, request(method, path, &fields)).await;
                assert_eq!(told(&admitted), path, "{method} {disguise:?}");
            }
        }
    }
}

#[tokio::test]
async fn v27_head_is_answered_as_get_is() {
    let router = router(&App::new(Settings::new()));
    for (path, good) in SURFACE {
        for fields in [&[][..], &[("authorization", "Bearer bad")], good] {
            let get = answer(&router, request("GET", path, fields)).await;
            let head = answer(&router, request("HEAD", path, fields)).await;
            assert_eq!(head.status(), get.status(), "{path} {fields:?}");
            let lines = |answer: &Response<Body>| -> Vec<HeaderValue> {
                let lines = answer.headers().get_all("www-authenticate").iter();
                lines.cloned().collect()
            };
            assert_eq!(lines(&head), lines(&get), "{path} {fields:?}");
            if head.status() == 401 {
                let length = body(get).await.len().to_string();
                assert_eq!(head.headers()["content-length"], *length, "{path}");
                assert_eq!(body(head).await, "", "{path}");
            }
        }
    }
}

// A preflight is let through where that was asked for: to the layer that answers it, and no further.
#[tokio::test]
async fn v27_preflights_are_answered_by_the_layer_alone() {
    let app = App::new(Settings::new());
    let cors = tower_http::cors::CorsLayer::new()
        .allow_origin([PREFLIGHT[0].1.parse().unwrap()])
        .allow_methods([Method::POST]);
    let router: Router = guarded(&app)
        .preflight("the shop is on another origin", cors)
        .with_state(Arc::clone(&app))
        .into_router();
    for (path, good) in SURFACE {
        let preflight = answer(&router, request("OPTIONS", path, &PREFLIGHT)).await;
        assert_eq!(told(&preflight), "200", "{path}");
        assert_eq!(body(preflight).await, "", "{path}");
        let cut = answer(&router, request("OPTIONS", path, &PREFLIGHT[..1])).await;
        assert_eq!(told(&cut), "401", "{path}");
        let posted = answer(&router, request("POST", path, &PREFLIGHT)).await;
        assert_eq!(told(&posted), "401", "{path}");
        let admitted = answer(&router, request("OPTIONS", path, good)).await;
        assert_eq!(told(&admitted), path);
    }
    assert!(app.asked() > 0);
}
