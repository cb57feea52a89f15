//! Routes with a state that the compiler knows, and with a registry.

use auth_core::poem::{GuardedRoute, Owned, OwnedData, any, get, post};
use auth_core::{
    Authenticated, Cause, ProtectedResource, Registry, Settings, public, requires_auth,
};
use poem::http::{HeaderMap, StatusCode};
use poem::middleware::SetHeader;
use poem::web::{Data, Json, Path, Query};
use poem::{Body, Endpoint, EndpointExt as _, Error, IntoResponse, Route, handler};
use serde::Deserialize;

use crate::app::{
    self, Api, App, Claims, Partner, Slow, User, challenges, post_counted, registry, request, text,
};

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
async fn orders(user: Authenticated<Claims>) -> String {
    format!("the orders of {}", user.sub)
}

#[derive(Deserialize)]
struct Order {
    id: u32,
}

#[requires_auth(Api)]
async fn order(user: Authenticated<User>, Json(order): Json<Order>) -> String {
    format!("{} orders {}", user.name, order.id)
}

#[requires_auth(scheme = "Bearer", realm = "API", verifier = Slow)]
async fn slow_order(user: Authenticated<Claims>, body: Body) -> poem::Result<String> {
    Ok(format!("{} sent {}", user.sub, body.into_string().await?))
}

#[requires_auth(Api, permit = user.sub == name)]
async fn page(
    user: Authenticated<Claims>,
    Path(name): Path<String>,
    Query(query): Query<Vec<(String, u32)>>,
) -> Result<(StatusCode, String), Error> {
    match query.first() {
        Some((_, number)) => Ok((StatusCode::ACCEPTED, format!("{number} of {}", user.sub))),
        None => Err(Error::from_status(StatusCode::NOT_FOUND)),
    }
}

#[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-API-Key")))]
async fn both(callers: Authenticated<(Claims, Partner)>) -> String {
    format!("{} for {}", callers.0.sub, callers.1.0)
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
async fn greeting(user: Option<Authenticated<Claims>>) -> String {
    user.map_or("nobody".to_owned(), |user| user.sub.clone())
}

#[requires_auth(Api)]
async fn generic<T: IntoResponse + Default>() -> T {
    T::default()
}

#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok"
}

#[requires_auth(Api)]
async fn verb(method: poem::http::Method) -> String {
    method.to_string()
}

/// What others extract as references.
#[requires_auth(Api)]
async fn borrowed(fields: Owned<HeaderMap>, word: OwnedData<&'static str>) -> String {
    format!("{} fields, {}", fields.len(), *word)
}

/// An endpoint that the attribute has not seen.
#[handler]
async fn report(user: Data<&Authenticated<Claims>>) -> String {
    format!("report for {}", user.sub)
}

/// The same routes for either state.
macro_rules! routes {
    ($state:expr) => {{
        let state = $state;
        let inner = GuardedRoute::new(state.clone())
            .at("/orders", get(orders).post(order))
            .at("/slow", post(slow_order))
            .at("/pages/:name", get(page))
            .at("/both", get(both))
            .at("/greeting", get(greeting));
        GuardedRoute::new(state)
            .nest("/api/v1", inner)
            .at("/health", get(health))
            .at("/generic", get(generic::<String>))
            .at("/any", any(verb).post(order))
            .guarded_endpoint::<(Api, Authenticated<Claims>)>("/report", report)
            .nest_guarded_endpoint::<Api>("/files", Route::new().at("/a", report))
            .public_endpoint("/open", "for everybody", open)
            .nest_undecided("/old", "moves in March", Route::new().at("/open", open))
    }};
}

#[handler]
fn open() -> &'static str {
    "open"
}

/// An application over either state, so that each test runs over both.
fn apps() -> [Box<dyn poem::endpoint::DynEndpoint<Output = poem::Response>>; 2] {
    let complete = registry();
    let registered = routes!(complete.clone());
    complete.check().unwrap();
    [routes!(App::new()).boxed(), registered.boxed()]
}

#[tokio::test]
async fn a_verified_caller_is_admitted_and_named() {
    for app in apps() {
        let admitted = [
            ("/api/v1/orders", "Bearer good", "the orders of ada"),
            ("/api/v1/pages/ada?n=3", "Bearer good", "3 of ada"),
            ("/api/v1/greeting", "Bearer good", "ada"),
            ("/api/v1/greeting", "", "nobody"),
            ("/health", "", "ok"),
            ("/generic", "Bearer narrow", ""),
            ("/any", "Bearer good", "GET"),
            ("/report", "Bearer good", "report for ada"),
            ("/open", "", "open"),
            ("/old/open", "", "open"),
        ];
        for (path, credentials, told) in admitted {
            let answer = app::get(&app, path, credentials).await;
            assert!(answer.status().is_success(), "{path}");
            assert_eq!(text(answer).await, told, "{path}");
        }
        let mut asked = request("GET", "/api/v1/both", "Bearer good");
        let key = "key".parse().unwrap();
        asked.headers_mut().insert("x-api-key", key);
        assert_eq!(text(app.get_response(asked).await).await, "ada for acme");
    }
}

#[tokio::test]
async fn everybody_else_is_refused() {
    for app in apps() {
        let refused = [
            ("/api/v1/orders", "", 401),
            ("/api/v1/orders", "Bearer narrow", 403),
            ("/api/v1/orders", "Bearer bad", 401),
            ("/api/v1/orders", "Bearer down", 503),
            ("/api/v1/pages/eve", "Bearer good", 403),
            ("/api/v1/greeting", "Bearer bad", 401),
            ("/generic", "", 401),
            ("/any", "", 401),
            ("/report", "", 401),
            ("/files/a", "", 401),
            ("/files/b", "", 401),
            ("/files", "", 401),
        ];
        for (path, credentials, status) in refused {
            let answer = app::get(&app, path, credentials).await;
            assert_eq!(answer.status(), status, "{path} {credentials}");
            assert!(answer.data::<Cause>().is_some(), "{path} {credentials}");
            let challenged = !challenges(answer.headers()).is_empty();
            assert_eq!(
                challenged,
                status == 401 || path.ends_with("orders") && status == 403
            );
        }
        // The identity is handed on where it is asked for, and nowhere else.
        let answer = app::get(&app, "/files/a", "Bearer good").await;
        assert_eq!(answer.status(), 500);
    }
}

/// The handler's own answer, `Ok` or `Err`, and those of the routes.
#[tokio::test]
async fn other_answers_are_those_of_poem() {
    for app in apps() {
        let answer = app::get(&app, "/api/v1/pages/ada", "Bearer good").await;
        assert_eq!(answer.status(), 404);
        let answer = app::get(&app, "/api/v1/pages/ada?n=x", "Bearer good").await;
        assert_eq!(answer.status(), 400);
        let answer = app::get(&app, "/api/v1/pages/ada?n=1", "Bearer good").await;
        assert_eq!(answer.status(), 202);
        // Extractors run behind the guard, one after the other.
        let answer = app::get(&app, "/api/v1/pages/ada?n=x", "").await;
        assert_eq!(answer.status(), 401);
        assert_eq!(app::get(&app, "/unknown", "").await.status(), 404);
        let answer = app.get_response(request("DELETE", "/health", "")).await;
        assert_eq!(answer.status(), 405);
        let answer = app.get_response(request("DELETE", "/any", "Bearer good"));
        assert_eq!(text(answer.await).await, "DELETE");
    }
}

/// V13: the body of a refused request is not looked at, whatever the pace of the verifier; an admitted one is whole.
#[tokio::test]
async fn v13_the_body_is_left_alone_until_the_guard_passed() {
    for app in apps() {
        let call = async |path, credentials, content| {
            post_counted(&app, path, credentials, "application/json", content).await
        };
        for path in ["/api/v1/orders", "/api/v1/slow", "/any"] {
            for (credentials, status) in [("", 401), ("Bearer bad", 401), ("Bearer down", 503)] {
                let (answer, polls) = call(path, credentials, "{not json").await;
                assert_eq!((answer.status().as_u16(), polls), (status, 0), "{path}");
            }
        }
        let (answer, polls) = call("/api/v1/orders", "Bearer good", r#"{"id": 7}"#).await;
        assert_eq!(text(answer).await, "ada orders 7");
        assert!(polls > 0);
        let (answer, _) = call("/api/v1/slow", "Bearer good", "whole").await;
        assert_eq!(text(answer).await, "ada sent whole");
        let (answer, _) = call("/api/v1/orders", "Bearer good", "{not json").await;
        assert_eq!(answer.status(), 400);
    }
}

/// C-3: handler and guard of `GET` see `HEAD` as what it is; the answer has the fields of a `GET`, and no content.
#[tokio::test]
async fn head_is_answered_by_get() {
    for app in apps() {
        let refused = app
            .get_response(request("HEAD", "/api/v1/orders", ""))
            .await;
        assert_eq!(refused.status(), 401);
        assert_eq!(refused.headers()["content-length"], "79");
        assert_eq!(text(refused).await, "");
        let admitted = request("HEAD", "/api/v1/orders", "Bearer good");
        let admitted = app.get_response(admitted).await;
        assert_eq!(admitted.headers()["content-length"], "17");
        assert_eq!(text(admitted).await, "");
        let any = app
            .get_response(request("HEAD", "/any", "Bearer good"))
            .await;
        assert_eq!(any.headers()["content-length"], "4");
    }
}

#[test]
fn endpoints_are_listed_with_their_decisions() {
    let routes = routes!(App::new());
    let lines: Vec<String> = routes.endpoints().iter().map(ToString::to_string).collect();
    let listed = [
        "GET /api/v1/orders poem::routes::orders requires Bearer (orders:read)",
        "POST /api/v1/orders poem::routes::order requires Bearer by poem::app::Api",
        "POST /api/v1/slow poem::routes::slow_order requires Bearer[Slow]",
        "GET /api/v1/pages/:name poem::routes::page requires Bearer by poem::app::Api",
        "GET /api/v1/both poem::routes::both requires Bearer and ApiKey",
        "GET /api/v1/greeting poem::routes::greeting checks Bearer if any",
        "GET /health poem::routes::health is public: load balancer probe",
        "GET /generic poem::routes::generic<alloc::string::String> requires Bearer by poem::app::Api",
        "* /any poem::routes::verb requires Bearer by poem::app::Api",
        "POST /any poem::routes::order requires Bearer by poem::app::Api",
        "* /report poem::routes::report requires Bearer by poem::app::Api",
        "* /files/* poem::route::router::Route requires Bearer by poem::app::Api",
        "* /open poem::routes::open is public: for everybody",
        "* /old/* poem::route::router::Route is undecided: moves in March",
    ];
    assert_eq!(lines, listed);
    assert!(format!("{:#}", routes.endpoints()[0]).contains("routes.rs:"));
}

/// What mounted handlers lack is found at start, with the place where they were put on their routes.
#[test]
fn a_registry_that_lacks_something_fails_its_check() {
    let registry = Registry::builder().bearer(app::tokens()).build().unwrap();
    let _routes = GuardedRoute::new(registry.clone())
        .at("/orders", get(orders).post(order))
        .guarded_endpoint::<(Api, Authenticated<Partner>)>("/report", report);
    let lacking = registry.check().unwrap_err().to_string();
    assert!(
        lacking.contains(".also_as::<poem::app::User>()"),
        "{lacking}"
    );
    assert!(lacking.contains("poem::app::Partner"), "{lacking}");
    assert_eq!(lacking.matches("routes.rs:").count(), 2, "{lacking}");
}

#[tokio::test]
async fn middleware_goes_around_guarded_routes() {
    let inner = GuardedRoute::new(App::new())
        .at("/orders", get(orders))
        .with(SetHeader::new().overriding("x-inner", "1"))
        .data(7_u32);
    assert_eq!(inner.endpoints().len(), 1);
    let app = GuardedRoute::new(registry())
        .nest("/api", inner)
        .catch_all_error(|error: Error| async move {
            let mut response = error.into_response();
            response
                .headers_mut()
                .insert("x-outer", "1".parse().unwrap());
            response
        });
    let admitted = app::get(&app, "/api/orders", "Bearer good").await;
    assert_eq!(admitted.headers()["x-inner"], "1");
    let refused = app::get(&app, "/api/orders", "").await;
    assert_eq!(refused.headers()["x-outer"], "1");
    assert_eq!(challenges(refused.headers()).len(), 1);
}

#[tokio::test]
async fn arguments_own_what_they_extract() {
    let routes = GuardedRoute::new(App::new()).at("/", get(borrowed));
    let answer = app::get(&routes, "/", "Bearer good").await;
    assert_eq!(answer.status(), 500);
    let routes = routes.data("a word");
    let answer = app::get(&routes, "/", "Bearer good").await;
    assert_eq!(text(answer).await, "1 fields, a word");
    assert_eq!(app::get(&routes, "/", "").await.status(), 401);
}

#[tokio::test]
async fn the_metadata_of_the_resource_are_served() {
    let resource = ProtectedResource::new("https://api.example.com", "https://login.example.com");
    let settings = Settings::new().with_protected_resource(resource.unwrap());
    let registry = Registry::builder().settings(settings).build().unwrap();
    let app = GuardedRoute::new(registry).protected_resource();
    let answer = app::get(&app, "/.well-known/oauth-protected-resource", "").await;
    assert_eq!(answer.status(), 200);
    assert!(text(answer).await.contains("https://login.example.com"));
}

/// RFC 9728 §3.1: clients look for it at a path of its own.
#[test]
#[should_panic(expected = "call `protected_resource` on the outermost routes")]
fn the_metadata_of_nested_routes_would_not_be_found() {
    let resource = ProtectedResource::new("https://api.example.com", "https://login.example.com");
    let settings = Settings::new().with_protected_resource(resource.unwrap());
    let registry = Registry::builder().settings(settings).build().unwrap();
    let inner = GuardedRoute::new(registry.clone()).protected_resource();
    let _ = GuardedRoute::new(registry).nest("/api", inner);
}

#[test]
#[should_panic(expected = "say why")]
fn a_public_endpoint_needs_a_reason() {
    let _ = GuardedRoute::new(registry()).public_endpoint("/open", " ", open);
}

#[test]
#[should_panic(expected = "two handlers of GET for one path")]
fn a_method_has_one_handler() {
    let _ = GuardedRoute::new(App::new()).at("/orders", get(orders).get(greeting));
}
