//! Handlers of `#[handler]`, which find their verifiers in a registry.

use std::fmt::Display;

use auth_core::poem::Refused;
use auth_core::registry::Unprovided;
use auth_core::{Authenticated, Cause, auth_policy, public, requires_auth};
use poem::http::StatusCode;
use poem::web::{Data, Json, Multipart, Path};
use poem::{Body, Endpoint, EndpointExt as _, Error, IntoResponse as _, Response, Route, handler};
use serde::Deserialize;

use crate::app::{
    Api, Claims, Partner, Slow, User, challenges, get, post_counted, registry, request, text,
};

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
#[handler]
async fn orders(user: Authenticated<Claims>) -> String {
    format!("the orders of {}", user.sub)
}

#[requires_auth(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
#[handler]
async fn either(user: Authenticated<User>) -> String {
    user.name.clone()
}

#[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-API-Key")))]
#[handler]
async fn both(callers: Authenticated<(Claims, Partner)>) -> String {
    format!("{} for {}", callers.0.sub, callers.1.0)
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
#[handler]
async fn greeting(user: Option<Authenticated<Claims>>) -> String {
    user.map_or("nobody".to_owned(), |user| user.sub.clone())
}

/// Does not ask who calls.
#[requires_auth(Api)]
#[handler]
fn listed() -> &'static str {
    "listed"
}

#[requires_auth(Api, permit = user.sub == name)]
#[handler]
async fn page(user: Authenticated<Claims>, Path(name): Path<String>) -> poem::Result<String> {
    match name.as_str() {
        "ada" => Ok(format!("{} on {name}", user.sub)),
        _ => Err(Error::from_status(StatusCode::NOT_FOUND)),
    }
}

#[public(reason = "load balancer probe")]
#[handler]
async fn health() -> &'static str {
    "ok"
}

#[derive(Deserialize)]
struct Order {
    id: u32,
}

#[requires_auth(Api)]
#[handler]
async fn fast_order(user: Authenticated<Claims>, Json(order): Json<Order>) -> String {
    format!("{} orders {}", user.sub, order.id)
}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Slow)]
#[handler]
async fn slow_order(user: Authenticated<Claims>, Json(order): Json<Order>) -> String {
    format!("{} orders {}", user.sub, order.id)
}

#[requires_auth(Api)]
#[handler]
async fn raw(body: Body) -> poem::Result<Vec<u8>> {
    Ok(body.into_vec().await?)
}

#[requires_auth(Api)]
#[handler]
async fn upload(user: Authenticated<Claims>, mut parts: Multipart) -> poem::Result<String> {
    let mut told = user.sub.clone();
    while let Some(part) = parts.next_field().await? {
        let name = part.name().unwrap_or_default().to_owned();
        told.extend([" ", &name, "=", &part.text().await?]);
    }
    Ok(told)
}

/// Poem infers the type from the arguments.
#[requires_auth(Api)]
#[handler]
async fn generic<T: Display + Send + Sync + 'static>(
    user: Authenticated<Claims>,
    word: Data<&T>,
) -> String {
    format!("{} {}", *word, user.sub)
}

#[auth_policy(scheme = "Digest", realm = "API")]
struct NoVerifier;

#[requires_auth(NoVerifier)]
#[handler]
async fn verifier_missing() -> &'static str {
    "never"
}

#[requires_auth(Api)]
#[handler]
async fn identity_missing(user: Authenticated<Partner>) -> String {
    user.0.clone()
}

fn routes() -> Route {
    Route::new()
        .at("/orders", poem::get(orders))
        .at("/either", either)
        .at("/both", both)
        .at("/greeting", greeting)
        .at("/listed", listed)
        .at("/pages/:name", page)
        .at("/health", health)
        .at("/order", fast_order)
        .at("/slow", slow_order)
        .at("/raw", raw)
        .at("/upload", upload)
        .at("/generic", generic::<&str>::default().data("hello"))
        .at("/verifier", verifier_missing)
        .at("/identity", identity_missing)
}

fn app() -> impl Endpoint {
    Route::new().nest("/v1", routes()).data(registry())
}

#[tokio::test]
async fn a_verified_caller_is_admitted_and_named() {
    let app = app();
    let admitted = [
        ("/v1/orders", "Bearer good", "the orders of ada"),
        ("/v1/either", "Bearer good", "ada"),
        ("/v1/either", "Basic ZXZlOm9wZW4gc2VzYW1l", "eve"),
        ("/v1/greeting", "Bearer good", "ada"),
        ("/v1/greeting", "", "nobody"),
        ("/v1/listed", "Bearer narrow", "listed"),
        ("/v1/pages/ada", "Bearer good", "ada on ada"),
        ("/v1/generic", "Bearer good", "hello ada"),
        ("/v1/health", "", "ok"),
    ];
    for (path, credentials, told) in admitted {
        let answer = get(&app, path, credentials).await;
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(text(answer).await, told, "{path}");
    }
    let mut asked = request("GET", "/v1/both", "Bearer good");
    asked
        .headers_mut()
        .insert("x-api-key", "key".parse().unwrap());
    assert_eq!(text(app.get_response(asked).await).await, "ada for acme");
}

/// H-1: status, every challenge on a line of its own, content type, no cache, body.
#[tokio::test]
async fn h1_a_refusal_arrives_as_it_is() {
    let app = app();
    let answer = get(&app, "/v1/either", "").await;
    assert_eq!(answer.status(), 401);
    assert_eq!(
        challenges(answer.headers()),
        [
            r#"Bearer realm="API""#,
            r#"Basic realm="Dev zone", charset="UTF-8""#
        ]
    );
    assert_eq!(answer.headers()["content-type"], "application/json");
    assert_eq!(answer.headers()["cache-control"], "no-store");
    assert_eq!(answer.data::<Cause>(), Some(&Cause::Missing));
    assert_eq!(
        text(answer).await,
        r#"{"error": "authentication_required", "message": "Authorization header missing"}"#
    );

    let refused = [
        ("/v1/orders", "Bearer narrow", 403),
        ("/v1/orders", "Bearer bad", 401),
        ("/v1/orders", "Bearer two words", 400),
        ("/v1/orders", "Bearer down", 503),
        ("/v1/greeting", "Bearer bad", 401),
        ("/v1/pages/eve", "Bearer good", 403),
        ("/v1/pages/eve", "", 401),
    ];
    for (path, credentials, status) in refused {
        let answer = get(&app, path, credentials).await;
        assert_eq!(answer.status(), status, "{path} {credentials}");
        assert!(answer.data::<Cause>().is_some(), "{path} {credentials}");
    }
}

/// V13: the body of a refused request is not looked at, whatever the pace of the verifier; an admitted one is whole.
#[tokio::test]
async fn v13_the_body_is_left_alone_until_the_guard_passed() {
    let app = app();
    let call = async |path, credentials, content| {
        post_counted(&app, path, credentials, "application/json", content).await
    };
    for path in ["/v1/order", "/v1/slow", "/v1/raw"] {
        for (credentials, status) in [("", 401), ("Bearer bad", 401), ("Bearer down", 503)] {
            let (answer, polls) = call(path, credentials, "{not json").await;
            assert_eq!((answer.status().as_u16(), polls), (status, 0), "{path}");
        }
    }
    for path in ["/v1/order", "/v1/slow"] {
        let (answer, polls) = call(path, "Bearer good", r#"{"id": 7}"#).await;
        assert_eq!(text(answer).await, "ada orders 7");
        assert!(polls > 0);
        let (answer, _) = call(path, "Bearer good", "{not json").await;
        assert_eq!(answer.status(), 400);
    }
    let (answer, _) = call("/v1/raw", "Bearer good", "whole").await;
    assert_eq!(text(answer).await, "whole");
}

#[tokio::test]
async fn parts_of_a_form_are_read_behind_the_guard() {
    let app = app();
    let form = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n--x\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\n2\r\n--x--\r\n";
    for (credentials, told) in [("Bearer good", Some("ada a=1 b=2")), ("", None)] {
        let kind = "multipart/form-data; boundary=x";
        let (answer, polls) = post_counted(&app, "/v1/upload", credentials, kind, form).await;
        match told {
            Some(told) => assert_eq!(text(answer).await, told),
            None => {
                assert_eq!(answer.status(), 401);
                assert_eq!(polls, 0);
            }
        }
    }
}

/// Rule 0: what is not set up refuses everybody, and the log says what to add.
#[tokio::test]
async fn what_is_missing_is_answered_500_whatever_is_presented() {
    let (complete, none) = (app(), routes());
    let lacking = |answer: &Response, what: &str| {
        let Some(Cause::NotConfigured(detail)) = answer.data() else {
            panic!("{answer:?}")
        };
        assert!(detail.to_string().contains(what), "{detail}");
    };
    for credentials in ["", "Bearer good", "Bearer bad"] {
        for (path, what) in [("/v1/verifier", "Digest"), ("/v1/identity", ".also_as::<")] {
            let answer = get(&complete, path, credentials).await;
            assert_eq!(answer.status(), 500, "{path}");
            lacking(&answer, what);
            assert_eq!(
                text(answer).await,
                r#"{"error": "server_error", "message": "Internal server error"}"#
            );
        }
        let answer = get(&none, "/listed", credentials).await;
        assert_eq!(answer.status(), 500);
        lacking(&answer, ".data(registry)");
    }
    assert_eq!(get(&none, "/health", "").await.status(), 200);
}

/// V25: error handlers see a refusal, and one that keeps the fields keeps the challenges.
#[tokio::test]
async fn v25_error_handlers_see_refusals() {
    let told = |error: Error| async move {
        let refused = error.downcast_ref::<Refused>().unwrap();
        assert_eq!(refused.refusal().cause(), &Cause::Missing);
        assert_eq!(error.data::<Cause>(), Some(&Cause::Missing));
        assert_eq!(error.status(), 401);
        assert_eq!(error.to_string(), "Authorization header missing");
        let mut response = error.into_response();
        response.set_body("<h1>Please log in</h1>");
        response.set_content_type("text/html")
    };
    let app = app().catch_all_error(told);
    let answer = get(&app, "/v1/listed", "").await;
    assert_eq!(answer.status(), 401);
    assert_eq!(challenges(answer.headers()), [r#"Bearer realm="API""#]);
    assert_eq!(text(answer).await, "<h1>Please log in</h1>");

    let plain = |refused: Refused| async move {
        let status = refused.refusal().status();
        let mut response = refused.into_response();
        response.set_body(status.to_string());
        response
    };
    // Also the refusal of `permit`, which runs behind the extractors.
    let app = routes().data(registry()).catch_error(plain);
    for (path, credentials, status) in [
        ("/listed", "", "401 Unauthorized"),
        ("/pages/eve", "Bearer good", "403 Forbidden"),
    ] {
        assert_eq!(text(get(&app, path, credentials).await).await, status);
    }
    assert_eq!(get(&app, "/unknown", "").await.status(), 404);
}

/// C-3: `HEAD` is guarded as `GET` is. Poem makes a `GET` of it before the guard sees it.
#[tokio::test]
async fn head_is_guarded() {
    let app = app();
    let refused = app.get_response(request("HEAD", "/v1/orders", "")).await;
    assert_eq!(refused.status(), 401);
    let admitted = app.get_response(request("HEAD", "/v1/orders", "Bearer good"));
    assert_eq!(admitted.await.status(), 200);
}

/// What handlers of `#[handler]` need is known when the program is linked.
#[test]
fn a_registry_knows_what_is_linked() {
    let lacking = registry().check_linked().unwrap_err();
    let lacking = lacking.unprovided().iter();
    let lacking: Vec<_> = lacking.map(Unprovided::policy).collect();
    assert!(lacking.contains(&"poem::handlers::NoVerifier"));
    assert!(lacking.contains(&"poem::app::Api"));
    // They are linked in, and maybe not used: no reason not to start.
    registry().check().unwrap();
}
