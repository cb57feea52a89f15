//! The guarded scope: decided handlers only, with typed state or a registry, extracted strictly in order.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use actix_multipart::Multipart;
use actix_web::dev::{Service, ServiceResponse};
use actix_web::http::Method;
use actix_web::http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use actix_web::middleware::DefaultHeaders;
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::web::ReqData;
use actix_web::{App, HttpResponse, get as routed_get, web};
use auth_actix::{Claims, Counted, Partner, Shop, User, registry};
use auth_core::actix::{GuardedScope, any, get, head, post, protected_resource};
use auth_core::{
    Authenticated, Cause, ProtectedResource, Registry, Settings, auth_policy, public, requires_auth,
};
use auth_tests::app::Pace;
use futures_util::StreamExt as _;

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
async fn orders(user: Authenticated<User>, page: web::Path<u32>, body: String) -> String {
    format!("{} {page} {body}", user.name)
}

#[requires_auth(Api)]
async fn listed() -> &'static str {
    "listed"
}

#[requires_auth(Api)]
async fn head_of_it() -> HttpResponse {
    HttpResponse::NoContent().finish()
}

#[requires_auth(Api, permit = user.sub == *name)]
async fn page(user: Authenticated<Claims>, name: web::Path<String>) -> String {
    format!("the page of {name}")
}

#[public(reason = "for everybody")]
async fn open() -> &'static str {
    "open"
}

#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
async fn unknown(owner: Authenticated<Partner>) -> HttpResponse {
    HttpResponse::NotFound().body(owner.0.clone())
}

#[requires_auth(Api)]
async fn upload(mut parts: Multipart) -> String {
    let mut whole = Vec::new();
    while let Some(part) = parts.next().await {
        let mut part = part.unwrap();
        while let Some(piece) = part.next().await {
            whole.extend_from_slice(&piece.unwrap());
        }
    }
    String::from_utf8(whole).unwrap()
}

async fn report(user: ReqData<Authenticated<User>>) -> String {
    format!("for {}", user.name)
}

#[routed_get("/old")]
async fn old() -> &'static str {
    "old"
}

/// With typed state and with a registry: the same routes.
fn shop<S>(state: S) -> GuardedScope<S>
where
    S: Routes,
{
    S::routes(state)
}

trait Routes: Clone + Send + Sync + 'static {
    fn routes(self) -> GuardedScope<Self>;
}

macro_rules! routes {
    ($state:ty) => {
        impl Routes for $state {
            fn routes(self) -> GuardedScope<Self> {
                let nested = GuardedScope::new("/v1", self.clone())
                    .route("/orders/{page}", post(orders))
                    .route("/listed", get(listed).post(open))
                    .route("/both", get(listed).head(head_of_it))
                    .route("", head(listed))
                    .default_service(unknown);
                GuardedScope::new("/api", self)
                    .service(nested)
                    .route("/pages/{name}", any(page))
                    .route("/open", get(open))
                    .route("/upload", post(upload))
                    .guarded_service::<(Api, Authenticated<User>)>("/reports", |config| {
                        config.route("/today", web::get().to(report));
                    })
                    .undecided("moves in March", |config| {
                        config.service(old);
                    })
                    .public_service("a logo", || web::resource("/logo").to(|| async { "logo" }))
            }
        }
    };
}

routes!(Arc<Shop>);
routes!(Registry);

async fn called(scope: &GuardedScope<impl Routes>, request: TestRequest) -> ServiceResponse {
    let app = init_service(App::new().service(scope.clone())).await;
    app.call(request.to_request()).await.unwrap()
}

fn with(token: &str, request: TestRequest) -> TestRequest {
    request.insert_header((AUTHORIZATION, format!("Bearer {token}")))
}

async fn text(answer: ServiceResponse) -> String {
    String::from_utf8(read_body(answer).await.to_vec()).unwrap()
}

#[actix_web::test]
async fn guards_come_first_and_arguments_in_order() {
    for pace in Pace::BOTH {
        guarded(&shop(Shop::new(pace))).await;
        guarded(&shop(registry(pace))).await;
    }
}

async fn guarded(scope: &GuardedScope<impl Routes>) {
    let to = |path: &str| TestRequest::with_uri(path);
    // An awaited verifier too comes before the error of another extractor.
    for token in ["worse", "bad"] {
        let bad = with(token, TestRequest::post().uri("/api/v1/orders/none"));
        let answer = called(scope, bad).await;
        assert_eq!(answer.status(), 401, "{token}");
        let challenge = answer.headers().get(WWW_AUTHENTICATE).unwrap();
        assert!(
            challenge
                .to_str()
                .unwrap()
                .starts_with(r#"Bearer realm="API", scope="orders:read""#)
        );
        assert!(answer.response().extensions().get::<Cause>().is_some());
    }
    let good = with("good", TestRequest::post().uri("/api/v1/orders/none"));
    assert_eq!(called(scope, good).await.status(), 404);
    let good = with("good", TestRequest::post().uri("/api/v1/orders/7"));
    assert_eq!(
        text(called(scope, good.set_payload("body")).await).await,
        "ada 7 body"
    );

    assert_eq!(called(scope, to("/api/pages/ada")).await.status(), 401);
    assert_eq!(
        text(called(scope, with("good", to("/api/pages/ada"))).await).await,
        "the page of ada"
    );
    assert_eq!(
        called(scope, with("good", to("/api/pages/eve")))
            .await
            .status(),
        403
    );
    assert_eq!(text(called(scope, to("/api/open")).await).await, "open");
    assert_eq!(text(called(scope, to("/api/logo")).await).await, "logo");
    assert_eq!(text(called(scope, to("/api/old")).await).await, "old");

    // What no route takes, in the scope that has a default and in the one that has none.
    assert_eq!(called(scope, to("/api/v1/nothing")).await.status(), 401);
    let known = to("/api/v1/nothing").insert_header(("x-api-key", "k-1"));
    let known = called(scope, known).await;
    assert_eq!(known.status(), 404);
    assert_eq!(text(known).await, "acme");
    assert_eq!(called(scope, to("/api/nothing")).await.status(), 404);

    assert_eq!(called(scope, to("/api/reports/today")).await.status(), 401);
    assert_eq!(
        called(scope, to("/api/reports/nothing")).await.status(),
        401
    );
    let report = called(scope, with("good", to("/api/reports/today"))).await;
    assert_eq!(text(report).await, "for ada");
}

#[actix_web::test]
async fn methods_are_as_their_handlers_say() {
    let scope = shop(Shop::new(Pace::AtOnce));
    for (path, method, nobody, somebody) in [
        ("/api/v1/listed", Method::GET, 401, 200),
        // RFC 9110 §9.1.
        ("/api/v1/listed", Method::HEAD, 401, 200),
        ("/api/v1/listed", Method::POST, 200, 200),
        ("/api/v1/listed", Method::PUT, 405, 405),
        ("/api/v1/listed", Method::OPTIONS, 405, 405),
        ("/api/v1/both", Method::GET, 401, 200),
        ("/api/v1/both", Method::HEAD, 401, 204),
        ("/api/v1", Method::HEAD, 401, 200),
        ("/api/pages/ada", Method::OPTIONS, 401, 200),
        (
            "/api/pages/ada",
            Method::from_bytes(b"BREW").unwrap(),
            401,
            200,
        ),
    ] {
        let request = || TestRequest::with_uri(path).method(method.clone());
        assert_eq!(
            called(&scope, request()).await.status(),
            nobody,
            "{path} {method}"
        );
        let answer = called(&scope, with("good", request())).await;
        assert_eq!(answer.status(), somebody, "{path} {method}");
    }
}

#[actix_web::test]
async fn endpoints_are_listed() {
    let scope = shop(Shop::new(Pace::AtOnce));
    let listed: Vec<_> = scope.endpoints().iter().map(ToString::to_string).collect();
    assert_eq!(
        listed,
        [
            "POST /api/v1/orders/{page} scope::orders requires Bearer (orders:read)",
            "GET /api/v1/listed scope::listed requires Bearer by scope::Api",
            "POST /api/v1/listed scope::open is public: for everybody",
            "GET /api/v1/both scope::listed requires Bearer by scope::Api",
            "HEAD /api/v1/both scope::head_of_it requires Bearer by scope::Api",
            "HEAD /api/v1 scope::listed requires Bearer by scope::Api",
            "* /api/v1/* scope::unknown requires ApiKey",
            "* /api/pages/{name} scope::page requires Bearer by scope::Api",
            "GET /api/open scope::open is public: for everybody",
            "POST /api/upload scope::upload requires Bearer by scope::Api",
            "* /api/reports/* actix_web::web::ServiceConfig requires Bearer by scope::Api",
            "* /api/* actix_web::web::ServiceConfig is undecided: moves in March",
            "* /api/* actix_web::resource::Resource is public: a logo",
        ]
    );
    assert!(format!("{:#}", scope.endpoints()[0]).contains("tests/scope.rs:"));
}

/// What mounted handlers lack is found at start.
#[actix_web::test]
async fn a_registry_is_told_what_is_mounted() {
    let complete = registry(Pace::AtOnce);
    let _ = shop(complete.clone());
    complete.check().unwrap();

    let empty = Registry::builder().build().unwrap();
    empty.check().unwrap();
    let scope = GuardedScope::new("", empty.clone()).route("/", get(open));
    empty.check().unwrap();
    let scope = scope.route("/listed", get(listed));
    let lacks = empty.check().unwrap_err().to_string();
    assert!(lacks.contains("no verifier for `Bearer`"), "{lacks}");
    assert!(lacks.contains("scope::Api"), "{lacks}");
    let app = init_service(App::new().service(scope)).await;
    let answer = app
        .call(TestRequest::with_uri("/listed").to_request())
        .await
        .unwrap();
    assert_eq!(answer.status(), 500);

    // Whatever else stands behind a guard is told as well.
    let lacks = |mounted: fn(GuardedScope<Registry>) -> GuardedScope<Registry>| {
        let empty = Registry::builder().build().unwrap();
        let _ = mounted(GuardedScope::new("", empty.clone()));
        empty.check().unwrap_err().to_string()
    };
    let default = lacks(|scope| scope.default_service(unknown));
    assert!(default.contains("scope::unknown"), "{default}");
    let service = lacks(|scope| scope.guarded_service::<Api>("/reports", |_| {}));
    assert!(service.contains("scope::Api"), "{service}");
}

#[actix_web::test]
async fn the_body_is_unread_on_refusal_and_intact_on_success() {
    let boundary = "multipart/form-data; boundary=x";
    let body = "--x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nwhole\r\n--x--\r\n";
    for pace in Pace::BOTH {
        let app = init_service(App::new().service(shop(Shop::new(pace)))).await;
        for (token, status, expected) in [("bad", 401, None), ("good", 200, Some("whole"))] {
            let (payload, polls) = Counted::of(vec![body.split_at(9).0, body.split_at(9).1]);
            let request = with(token, TestRequest::post().uri("/api/upload"));
            let request = request
                .insert_header(("content-type", boundary))
                .to_request();
            let answer = app.call(request.replace_payload(payload).0).await.unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(polls.get() == 0, expected.is_none());
            if let Some(expected) = expected {
                assert_eq!(text(answer).await, expected);
            }
        }
    }
}

/// On an `App` of actix-web itself, with its middleware.
#[actix_web::test]
async fn routes_stand_outside_of_scopes_too() {
    let state = Shop::new(Pace::Awaiting);
    let resource = get(orders).resource("/orders/{page}", &state);
    let app = App::new().service(resource.wrap(DefaultHeaders::new().add(("x-wrapped", "yes"))));
    let app = init_service(app).await;
    let answer = app
        .call(TestRequest::with_uri("/orders/none").to_request())
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    assert_eq!(answer.headers().get("x-wrapped").unwrap(), "yes");
}

#[actix_web::test]
async fn the_metadata_of_the_resource_are_served() {
    let resource = ProtectedResource::new("https://api.example.com", "https://login.example.com");
    let settings = Settings::new().with_protected_resource(resource.unwrap());
    let metadata = protected_resource(&settings);
    // A scope without a prefix takes every path; what it serves itself comes first.
    let scope = GuardedScope::new("", registry(Pace::AtOnce))
        .service(GuardedScope::new("", registry(Pace::AtOnce)).route("/open", get(open)))
        .protected_resource(&settings);
    let lines: Vec<_> = scope.endpoints().iter().map(ToString::to_string).collect();
    assert!(
        lines.iter().any(|line| line
            .starts_with("GET OPTIONS /.well-known/oauth-protected-resource ")
            && line.contains("is public")),
        "{lines:?}"
    );
    for app in [
        init_service(App::new().service(metadata)).await,
        init_service(App::new().service(scope)).await,
    ] {
        for (method, status) in [
            (Method::GET, 200),
            (Method::HEAD, 200),
            (Method::OPTIONS, 204),
            (Method::PUT, 405),
        ] {
            let request =
                TestRequest::with_uri("/.well-known/oauth-protected-resource").method(method);
            let answer = app.call(request.to_request()).await.unwrap();
            assert_eq!(answer.status(), status);
            assert_eq!(
                answer.headers().get("access-control-allow-origin").unwrap(),
                "*"
            );
        }
    }
}

fn with_metadata(path: &str) -> GuardedScope<Registry> {
    let resource = ProtectedResource::new("https://api.example.com", "https://login.example.com");
    let settings = Settings::new().with_protected_resource(resource.unwrap());
    GuardedScope::new(path, registry(Pace::AtOnce)).protected_resource(&settings)
}

#[test]
#[should_panic(expected = "clients do not look for the metadata behind the prefix /api")]
fn the_metadata_have_no_prefix() {
    let _ = with_metadata("/api");
}

#[test]
#[should_panic(expected = "clients do not look for the metadata behind the prefix /api")]
fn nor_get_one_by_nesting() {
    let _ = GuardedScope::new("/api", registry(Pace::AtOnce)).service(with_metadata(""));
}

#[actix_web::test]
async fn what_is_in_data_is_a_state() {
    let shop = web::Data::from(Shop::new(Pace::AtOnce));
    let scope = GuardedScope::new("", shop.clone()).route("/listed", get(listed));
    let app = init_service(App::new().app_data(shop).service(scope)).await;
    for (token, status) in [("good", 200), ("unheard-of", 401)] {
        let request = TestRequest::with_uri("/listed");
        let request = request.insert_header((AUTHORIZATION, format!("Bearer {token}")));
        let answer = app.call(request.to_request()).await.unwrap();
        assert_eq!(answer.status(), status, "{token}");
    }
}

#[test]
#[should_panic(expected = "the path /api/open is taken")]
fn a_path_is_there_once() {
    let scope = GuardedScope::new("/api", registry(Pace::AtOnce)).route("/open", get(open));
    let _ = scope.route("open", post(open));
}

#[test]
#[should_panic(expected = "two handlers of GET for one path")]
fn a_method_is_there_once() {
    let _ = GuardedScope::new("/api", registry(Pace::AtOnce)).route("/open", get(open).get(open));
}

#[test]
#[should_panic(expected = "say why")]
fn a_reason_is_told() {
    let _ = GuardedScope::new("/api", registry(Pace::AtOnce)).undecided(" ", |_| {});
}
