//! Handlers that actix-web routes by itself: `#[get]` and its like, above and below the attribute.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::future::{Ready, ready};

use actix_web::body::MessageBody as _;
use actix_web::dev::{Payload, Service, ServiceResponse};
use actix_web::http::header::{AUTHORIZATION, CACHE_CONTROL, CONTENT_TYPE, WWW_AUTHENTICATE};
use actix_web::http::{Method, StatusCode};
use actix_web::middleware::{ErrorHandlerResponse, ErrorHandlers, NormalizePath};
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::{
    App, Either, Error, FromRequest, HttpMessage as _, HttpRequest, HttpResponse, delete, error,
    get, post, route, web,
};
use auth_actix::{Claims, Counted, Partner, User, registry};
use auth_core::{
    Authenticated, Bearer, BearerToken, Cause, FnVerifier, Registry, RequestView, Verified,
    Verifier, auth_policy, public, requires_auth,
};
use auth_tests::app::Pace;
use serde::Deserialize;

const MISSING: &str =
    r#"{"error": "authentication_required", "message": "Authorization header missing"}"#;

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
#[get("/above")]
async fn above(user: Authenticated<User>) -> String {
    format!("above {}", user.name)
}

#[get("/below")]
#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
async fn below(user: Authenticated<User>) -> String {
    format!("below {}", user.name)
}

#[route("/several", method = "GET", method = "HEAD", method = "PUT")]
#[requires_auth(Api)]
async fn several() -> &'static str {
    "several"
}

#[delete("/greeting")]
#[requires_auth(scheme = "Bearer", realm = "API", optional)]
async fn greeting(user: Option<Authenticated<Claims>>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.sub.clone())
}

#[get("/open")]
#[public(reason = "for everybody")]
async fn open() -> &'static str {
    "open"
}

#[requires_auth(Api, permit = user.sub == *name)]
#[get("/pages/{name}")]
async fn page(user: Authenticated<Claims>, name: web::Path<String>) -> Result<String, Error> {
    if user.sub.is_empty() {
        return Err(error::ErrorNotFound("no page"));
    }
    Ok(format!("the page of {name}"))
}

#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
#[post("/echo")]
async fn echo(owner: Authenticated<Partner>, body: String) -> String {
    format!("{}: {body}", owner.0)
}

#[derive(Deserialize)]
struct Order {
    id: u32,
}

#[post("/json")]
#[requires_auth(Api)]
async fn json(order: web::Json<Order>) -> String {
    order.id.to_string()
}

#[post("/either")]
#[requires_auth(Api)]
async fn either(order: Either<web::Json<Order>, String>) -> String {
    match order {
        Either::Left(order) => order.id.to_string(),
        Either::Right(words) => words,
    }
}

#[post("/maybe")]
#[requires_auth(Api)]
async fn maybe(order: Option<web::Json<Order>>, rest: Result<String, Error>) -> String {
    format!("{:?} {}", order.map(|order| order.id), rest.is_ok())
}

#[post("/numbers/{number}")]
#[requires_auth(Api)]
async fn number(number: web::Path<u32>, body: String) -> String {
    format!("{number} {body}")
}

trait Named {
    const NAME: &'static str;
}

impl Named for User {
    const NAME: &'static str = "a user";
}

#[requires_auth(Api)]
async fn of_any<T: Named + Send + Sync + 'static>(user: Authenticated<T>) -> &'static str {
    drop(user);
    T::NAME
}

fn routes(config: &mut web::ServiceConfig) {
    config
        .service((above, below, several, greeting, open, page, echo))
        .service((json, either, maybe, number))
        .route("/generic", web::get().to(of_any::<User>));
}

/// Calls an application with these routes, at the root and in nested scopes.
async fn called(pace: Pace, request: TestRequest) -> ServiceResponse {
    let app = App::new().app_data(registry(pace)).configure(routes);
    let app =
        init_service(app.service(web::scope("/api").service(web::scope("/v1").configure(routes))))
            .await;
    app.call(request.to_request()).await.unwrap()
}

fn with(token: &str, request: TestRequest) -> TestRequest {
    request.insert_header((AUTHORIZATION, format!("Bearer {token}")))
}

async fn text(answer: ServiceResponse) -> String {
    String::from_utf8(read_body(answer).await.to_vec()).unwrap()
}

fn challenges(answer: &ServiceResponse) -> Vec<&str> {
    let lines = answer.headers().get_all(WWW_AUTHENTICATE);
    lines.map(|line| line.to_str().unwrap()).collect()
}

#[actix_web::test]
async fn both_orders_decide_alike_at_the_root_and_in_scopes() {
    for pace in Pace::BOTH {
        for prefix in ["", "/api/v1"] {
            for order in ["above", "below"] {
                let path = format!("{prefix}/{order}");
                let answer = called(pace, TestRequest::with_uri(&path)).await;
                assert_eq!(answer.status(), 401);
                assert_eq!(
                    challenges(&answer),
                    [r#"Bearer realm="API", scope="orders:read""#]
                );
                assert_eq!(
                    answer.headers().get(CONTENT_TYPE).unwrap(),
                    "application/json"
                );
                assert_eq!(answer.headers().get(CACHE_CONTROL).unwrap(), "no-store");
                let cause = answer.response().extensions().get::<Cause>().cloned();
                assert_eq!(cause, Some(Cause::Missing));
                assert_eq!(text(answer).await, MISSING);

                let answer = called(pace, with("bad", TestRequest::with_uri(&path))).await;
                assert_eq!(answer.status(), 401);
                let answer = called(pace, with("narrow", TestRequest::with_uri(&path))).await;
                assert_eq!(answer.status(), 403);
                assert!(challenges(&answer)[0].ends_with(r#"error="insufficient_scope""#));
                let answer = called(pace, with("good", TestRequest::with_uri(&path))).await;
                assert_eq!(text(answer).await, format!("{order} ada"));
            }
        }
    }
}

#[actix_web::test]
async fn the_other_attributes_decide_too() {
    for pace in Pace::BOTH {
        for method in [Method::GET, Method::HEAD, Method::PUT] {
            let request = TestRequest::with_uri("/several").method(method);
            assert_eq!(called(pace, request).await.status(), 401);
        }
        let call = || TestRequest::delete().uri("/greeting");
        assert_eq!(text(called(pace, call()).await).await, "nobody");
        assert_eq!(text(called(pace, with("good", call())).await).await, "ada");
        assert_eq!(called(pace, with("bad", call())).await.status(), 401);
        let answer = called(pace, TestRequest::with_uri("/open")).await;
        assert_eq!(text(answer).await, "open");
        let generic = || TestRequest::with_uri("/generic");
        assert_eq!(called(pace, generic()).await.status(), 401);
        assert_eq!(
            text(called(pace, with("good", generic())).await).await,
            "a user"
        );
    }
}

#[actix_web::test]
async fn permit_refuses_behind_the_extractors() {
    for pace in Pace::BOTH {
        let of = |of: &str| TestRequest::with_uri(&format!("/pages/{of}"));
        assert_eq!(called(pace, of("ada")).await.status(), 401);
        let own = called(pace, with("good", of("ada"))).await;
        assert_eq!(text(own).await, "the page of ada");
        let other = called(pace, with("good", of("eve"))).await;
        assert_eq!(other.status(), 403);
        assert_eq!(other.response().extensions().get(), Some(&Cause::Forbidden));
        assert!(text(other).await.contains("forbidden"));
    }
}

/// RFC 9110 §9.3.2: actix-web leaves the content out, and needs it for its length.
#[actix_web::test]
async fn the_answer_to_head_has_the_length_of_the_content() {
    let request = TestRequest::with_uri("/several").method(Method::HEAD);
    let answer = called(Pace::AtOnce, request).await;
    let size = answer.response().body().size();
    assert_eq!(size, actix_web::body::BodySize::Sized(MISSING.len() as u64));
}

/// Sends a body in two pieces, and tells how often it was polled.
async fn posted(
    pace: Pace,
    path: &str,
    fields: &[(&str, &str)],
    body: [&'static str; 2],
) -> (ServiceResponse, usize) {
    let app = init_service(App::new().app_data(registry(pace)).configure(routes)).await;
    let mut request = TestRequest::post().uri(path);
    for field in fields {
        request = request.insert_header(*field);
    }
    let (payload, polls) = Counted::of(body.to_vec());
    let (request, _) = request.to_request().replace_payload(payload);
    let answer = app.call(request).await.unwrap();
    (answer, polls.get())
}

#[actix_web::test]
async fn the_body_is_unread_on_refusal_and_intact_on_success() {
    let good = ("authorization", "Bearer good");
    let type_of_json = ("content-type", "application/json");
    for pace in Pace::BOTH {
        for path in ["/echo", "/json", "/either", "/maybe", "/numbers/1"] {
            for fields in [
                &[type_of_json][..],
                &[
                    ("authorization", "Bearer bad"),
                    ("x-api-key", "k-2"),
                    type_of_json,
                ],
            ] {
                let (answer, polls) = posted(pace, path, fields, ["{\"id\":", "7}"]).await;
                assert_eq!(
                    (answer.status().as_u16(), polls),
                    (401, 0),
                    "{path} {pace:?}"
                );
            }
        }
        for (path, expected) in [
            ("/echo", "acme: {\"id\":7}"),
            ("/json", "7"),
            ("/either", "7"),
            ("/maybe", "Some(7) true"),
            ("/numbers/1", "1 {\"id\":7}"),
        ] {
            let fields = [good, ("x-api-key", "k-1"), type_of_json];
            let (answer, _) = posted(pace, path, &fields, ["{\"id\":", "7}"]).await;
            assert_eq!(text(answer).await, expected, "{path} {pace:?}");
        }
    }
}

/// What is missing, foreign or malformed is refused in the first poll, whatever other extractors would say.
#[actix_web::test]
async fn the_guard_comes_before_the_errors_of_other_extractors() {
    for pace in Pace::BOTH {
        for authorization in [None, Some("Basic YTpi"), Some("Bearer two words"), Some("")] {
            let mut request = TestRequest::post().uri("/numbers/none");
            if let Some(authorization) = authorization {
                request = request.insert_header((AUTHORIZATION, authorization));
            }
            let status = called(pace, request).await.status();
            assert!(status == 401 || status == 400 && authorization == Some("Bearer two words"));
        }
    }
    let bad = with("bad", TestRequest::post().uri("/numbers/none"));
    assert_eq!(called(Pace::AtOnce, bad).await.status(), 401);
}

/// The one exception: while a verifier is awaited, the error of an extractor that needs no body is the answer. The handler
/// does not run, and the body is not read.
#[actix_web::test]
async fn while_a_verifier_is_awaited_another_extractor_may_answer() {
    let bad = with("bad", TestRequest::post().uri("/numbers/none"));
    assert_eq!(called(Pace::Awaiting, bad).await.status(), 404);
    let good = with("good", TestRequest::post().uri("/numbers/none"));
    assert_eq!(called(Pace::Awaiting, good).await.status(), 404);
    let fields = [("authorization", "Bearer bad")];
    let (answer, polls) = posted(Pace::Awaiting, "/json", &fields, ["{\"id\":", "7}"]).await;
    // Not the media type of JSON, which is seen without the body.
    assert_eq!((answer.status(), polls), (StatusCode::BAD_REQUEST, 0));
}

/// An extractor that keeps what it gets of the payload.
struct Kept(Payload);

impl FromRequest for Kept {
    type Error = Error;
    type Future = Ready<Result<Self, Error>>;

    fn from_request(_: &HttpRequest, payload: &mut Payload) -> Self::Future {
        ready(Ok(Self(payload.take())))
    }
}

#[requires_auth(Api)]
async fn first(kept: Kept) -> String {
    let mut kept = kept.0;
    let mut whole = Vec::new();
    while let Some(piece) = futures_util::StreamExt::next(&mut kept).await {
        whole.extend_from_slice(&piece.unwrap());
    }
    String::from_utf8(whole).unwrap()
}

#[actix_web::test]
async fn what_an_extractor_keeps_of_the_payload_opens_with_the_guard() {
    for pace in Pace::BOTH {
        let app = App::new()
            .app_data(registry(pace))
            .route("/", web::post().to(first));
        let app = init_service(app).await;
        let request = with("good", TestRequest::post())
            .set_payload("whole")
            .to_request();
        assert_eq!(text(app.call(request).await.unwrap()).await, "whole");
    }
}

#[actix_web::test]
async fn what_is_not_set_up_is_500_and_says_what_to_add() {
    // No registry.
    let app = init_service(App::new().configure(routes)).await;
    let request = with("good", TestRequest::with_uri("/above")).to_request();
    let answer = app.call(request).await.unwrap();
    assert_eq!(answer.status(), 500);
    let cause = answer
        .response()
        .extensions()
        .get::<Cause>()
        .unwrap()
        .to_string();
    assert!(
        cause.contains("App::new().app_data(registry.clone())"),
        "{cause}"
    );
    assert!(!text(answer).await.contains("registry"));

    // No verifier, and no way to make the identity.
    let tokens = || FnVerifier::<Bearer, Claims>::new(|_: BearerToken<'_>| Err(Cause::Missing));
    for (registry, lacks) in [
        (
            Registry::builder().build().unwrap(),
            "no verifier for `Bearer`",
        ),
        (
            Registry::builder().with(tokens()).build().unwrap(),
            ".also_as::<auth_actix::User>()",
        ),
    ] {
        // In `Data` it is found as well.
        let app = init_service(
            App::new()
                .app_data(web::Data::new(registry))
                .configure(routes),
        )
        .await;
        // To everybody, whatever is presented.
        let answer = app
            .call(TestRequest::with_uri("/above").to_request())
            .await
            .unwrap();
        assert_eq!(answer.status(), 500);
        let cause = answer
            .response()
            .extensions()
            .get::<Cause>()
            .unwrap()
            .to_string();
        assert!(cause.contains(lacks), "{cause}");
    }
}

/// V25: what replaces the body of an error sees status, challenge and cause.
#[actix_web::test]
async fn middleware_sees_refusals() {
    let handlers =
        ErrorHandlers::new().handler(StatusCode::UNAUTHORIZED, |answer: ServiceResponse| {
            let cause = answer.response().extensions().get::<Cause>().cloned();
            assert_eq!(cause, Some(Cause::Missing));
            assert!(
                answer
                    .response()
                    .error()
                    .unwrap()
                    .as_error::<auth_core::Refusal>()
                    .is_some()
            );
            let answer = answer.map_body(|_, _| {
                actix_web::body::EitherBody::right(actix_web::body::BoxBody::new("own"))
            });
            Ok(ErrorHandlerResponse::Response(answer))
        });
    let app = App::new()
        .app_data(registry(Pace::AtOnce))
        .wrap(handlers)
        .configure(routes);
    let answer = init_service(app)
        .await
        .call(TestRequest::with_uri("/above").to_request())
        .await
        .unwrap();
    assert_eq!(answer.status(), 401);
    let challenge = answer.headers().get(WWW_AUTHENTICATE).unwrap();
    assert_eq!(challenge, r#"Bearer realm="API", scope="orders:read""#);
    assert_eq!(read_body(answer).await, "own");
}

/// What a verifier sees of the request.
struct Seen;

impl Verifier for Seen {
    type Scheme = Bearer;
    type Identity = String;

    async fn verify<'r>(
        &'r self,
        _: BearerToken<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<String>, Cause> {
        let peer = request.extension::<std::net::SocketAddr>();
        let shown = request.extension::<u32>();
        let (method, target) = (request.method(), request.target());
        let twice = request.field("x-twice").is_none();
        let odd = request.field("X-Odd");
        Ok(Verified::new(format!(
            "{method} {target} {peer:?} {shown:?} {twice} {odd:?}"
        )))
    }
}

#[requires_auth(Api)]
async fn seen(user: Authenticated<String>) -> String {
    user.identity().clone()
}

#[actix_web::test]
async fn verifiers_see_the_request_as_it_was_sent() {
    let registry = Registry::builder().with(Seen).build().unwrap();
    let nested = web::scope("/a b").service(web::scope("/{id}").route("/x", web::route().to(seen)));
    let app = App::new().app_data(registry).service(nested);
    let app = init_service(app).await;
    let request = TestRequest::with_uri("http://example.com/a%20b/%2e%3b/x?q=1&q=%20")
        .method(Method::PUT)
        .peer_addr("192.0.2.1:80".parse().unwrap());
    let request = request
        .append_header(("x-twice", "1"))
        .append_header(("x-twice", "2"));
    let odd = actix_web::http::header::HeaderValue::from_bytes(b"\xff").unwrap();
    let request = with("any", request)
        .insert_header(("x-odd", odd))
        .to_request();
    let mut shown = http::Extensions::new();
    shown.insert(7_u32);
    request.extensions_mut().insert(shown);
    let answer = app.call(request).await.unwrap();
    assert_eq!(
        text(answer).await,
        "PUT /a%20b/%2e%3b/x?q=1&q=%20 Some(192.0.2.1:80) Some(7) true Some([255])"
    );
}

/// What `NormalizePath` leaves is what verifiers see: it is a middleware outside of the guard.
#[actix_web::test]
async fn a_target_that_middleware_rewrites_is_seen_rewritten() {
    let registry = Registry::builder().with(Seen).build().unwrap();
    let app = App::new().app_data(registry).wrap(NormalizePath::trim());
    let app = init_service(app.route("/x", web::get().to(seen))).await;
    let request = with("any", TestRequest::with_uri("//x/")).to_request();
    let answer = text(app.call(request).await.unwrap()).await;
    assert!(answer.starts_with("GET /x "), "{answer}");
}

/// The inline form, where the signature must not change.
#[requires_auth(Api, request = request, state = **shop, identity = user: User)]
async fn inline(request: HttpRequest, shop: web::Data<auth_actix::Shop>) -> Result<String, Error> {
    Ok(user.name.clone())
}

#[requires_auth(Api, request = request, state = **shop)]
async fn answered(request: HttpRequest, shop: web::Data<auth_actix::Shop>) -> HttpResponse {
    HttpResponse::Ok().finish()
}

#[actix_web::test]
async fn the_inline_form_tells_refusals_by_the_error() {
    let shop = web::Data::from(auth_actix::Shop::new(Pace::Awaiting));
    let app = App::new().app_data(shop).route("/", web::get().to(inline));
    let app = init_service(app.route("/answered", web::get().to(answered))).await;
    for path in ["/", "/answered"] {
        let answer = app
            .call(TestRequest::with_uri(path).to_request())
            .await
            .unwrap();
        assert_eq!(answer.status(), 401);
        assert_eq!(challenges(&answer), [r#"Bearer realm="API""#]);
    }
    let request = with("good", TestRequest::default()).to_request();
    assert_eq!(text(app.call(request).await.unwrap()).await, "ada");
}
