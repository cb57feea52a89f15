//! What only salvo does: its attributes, hoops and catchers, and the registry as a hoop (V11, V12, V13, V25).
#![allow(clippy::unwrap_used, clippy::panic, missing_docs, reason = "tests")]

use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::testing::{Accepting, accepts};
use auth_core::{
    AuthState, Authenticated, Basic, Bearer, Cause, Refusal, Registry, Settings, auth_policy,
    public, requires_auth,
};
use auth_salvo::start;
use auth_tests::raw::{Answer, Connection, exchange};
use salvo::catcher::Catcher;
use salvo::oapi::ParameterIn;
use salvo::oapi::extract::{JsonBody, PathParam, QueryParam};
use salvo::prelude::*;
use serde::Deserialize;

#[derive(Clone)]
struct User {
    name: String,
}

#[derive(Debug)]
#[auth_policy(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
pub struct Api;

fn shop() -> Shop {
    let user = |name: &str| User {
        name: name.to_owned(),
    };
    Shop {
        tokens: accepts("good", user("ada")),
        passwords: accepts("bob:open sesame", user("bob")),
    }
}

fn registry() -> Registry {
    let Shop { tokens, passwords } = shop();
    Registry::builder()
        .with(tokens)
        .with(passwords)
        .build()
        .unwrap()
}

#[derive(Deserialize, ToSchema)]
struct Order {
    count: u32,
}

#[requires_auth(Api)]
#[handler]
async fn order(
    id: PathParam<u32>,
    user: Authenticated<User>,
    page: QueryParam<u32>,
    body: JsonBody<Order>,
) -> String {
    format!("{} {id} {page} {}", user.name, body.count)
}

#[requires_auth(Api)]
#[endpoint]
async fn documented(mut user: Authenticated<User>, id: PathParam<u32>) -> Json<String> {
    user = user.clone();
    Json(format!("{} {id}", user.name))
}

#[requires_auth(Api)]
#[salvo::handler]
async fn unseen(request: &mut Request, response: &mut Response) {
    let content = request.payload().await.unwrap().clone();
    response.write_body(content).unwrap();
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
#[handler]
async fn perhaps(user: Option<Authenticated<User>>) -> String {
    user.map_or_else(|| "nobody".to_owned(), |user| user.name.clone())
}

#[requires_auth(Api, permit = user.name == "ada")]
#[handler]
async fn permitted(user: Authenticated<User>) -> Result<String, StatusError> {
    match user.name.as_str() {
        "ada" => Ok("for ada".to_owned()),
        _ => Err(StatusError::not_found()),
    }
}

#[public(reason = "load balancer probe")]
#[handler]
async fn health() -> &'static str {
    "ok"
}

// The inline form: for methods, and where the arguments must stay as they are.
#[derive(AuthState)]
struct Shop {
    #[auth(Bearer)]
    tokens: Accepting<Bearer, User>,
    #[auth(Basic)]
    passwords: Accepting<Basic, User>,
}

#[handler]
impl Shop {
    #[requires_auth(Api, request = request, state = self, identity = user: User)]
    async fn handle(&self, request: &mut Request) -> Result<String, Refusal> {
        Ok(format!("the shop of {}", user.name))
    }
}

static PANICS: AtomicUsize = AtomicUsize::new(0);

#[requires_auth(Api)]
#[handler]
async fn panics() {
    let before = PANICS.fetch_add(1, Ordering::Relaxed);
    panic!("{before}");
}

/// What stands in every answer before the handlers write theirs.
#[handler]
async fn untidy(
    request: &mut Request,
    depot: &mut Depot,
    response: &mut Response,
    ctrl: &mut FlowCtrl,
) {
    for (name, value) in [
        ("www-authenticate", "Forged realm=\"hoop\""),
        ("content-type", "text/untidy"),
        ("cache-control", "max-age=60"),
        ("x-hoop", "kept"),
    ] {
        response.add_header(name, value, true).unwrap();
    }
    ctrl.call_next(request, depot, response).await;
    let cause = response.extensions.get::<Cause>().cloned();
    if let Some(cause) = cause {
        response
            .add_header("x-cause", cause.reason(), true)
            .unwrap();
    }
}

#[handler]
async fn caught(response: &mut Response) {
    response.render("caught");
}

fn routes() -> Router {
    Router::new()
        .push(Router::with_path("orders/{id}").post(order))
        .push(Router::with_path("documented/{id}").get(documented))
        .push(Router::with_path("unseen").goal(unseen))
        .push(Router::with_path("perhaps").get(perhaps))
        .push(Router::with_path("permitted").get(permitted))
        .push(Router::with_path("health").get(health))
        .push(Router::with_path("panics").get(panics))
        .push(Router::with_path("shop").get(shop()))
}

fn served() -> SocketAddr {
    start(Router::new().hoop(registry()).push(routes()))
}

const GOOD: &str = "Authorization: Bearer good\r\n";
const MISSING: &str =
    r#"{"error": "authentication_required", "message": "Authorization header missing"}"#;
const CHALLENGES: [&str; 2] = [
    r#"Bearer realm="API""#,
    r#"Basic realm="Dev zone", charset="UTF-8""#,
];

/// `fields` are whole lines.
async fn ask(address: SocketAddr, line: &str, fields: &str, body: &str) -> Answer {
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: {length}\r\n{fields}\r\n{body}"
    );
    exchange(address, request).await.unwrap()
}

fn assert_refused(answer: &Answer) {
    assert_eq!(answer.status(), 401, "{answer:?}");
    assert_eq!(answer.field("www-authenticate"), CHALLENGES);
    assert_eq!(answer.field("content-type"), ["application/json"]);
    assert_eq!(answer.field("cache-control"), ["no-store"]);
}

#[tokio::test]
async fn handlers_of_every_kind_are_guarded() {
    let address = served();
    for (line, body, content) in [
        ("POST /orders/7?page=3", r#"{"count": 2}"#, "ada 7 3 2"),
        ("GET /documented/7", "", r#""ada 7""#),
        ("POST /unseen", "all of it", "all of it"),
        ("PUT /unseen", "", ""),
        ("GET /permitted", "", "for ada"),
        ("GET /shop", "", "the shop of ada"),
    ] {
        let answer = ask(address, line, "", body).await;
        assert_refused(&answer);
        assert_eq!(answer.body, MISSING, "{line}");
        let answer = ask(address, line, GOOD, body).await;
        assert_eq!(
            (answer.status(), answer.body.as_str()),
            (200, content),
            "{line}"
        );
    }
    assert_eq!(ask(address, "GET /health", "", "").await.body, "ok");
}

#[tokio::test]
async fn optional_is_strict() {
    let address = served();
    assert_eq!(ask(address, "GET /perhaps", "", "").await.body, "nobody");
    assert_eq!(ask(address, "GET /perhaps", GOOD, "").await.body, "ada");
    let bad = ask(address, "GET /perhaps", "Authorization: Bearer bad\r\n", "").await;
    assert_eq!(bad.status(), 401);
}

#[tokio::test]
async fn who_is_known_and_not_permitted_gets_403() {
    let address = served();
    let bob = "Authorization: Basic Ym9iOm9wZW4gc2VzYW1l\r\n";
    let answer = ask(address, "GET /permitted", bob, "").await;
    assert_eq!(
        (answer.status(), answer.field("www-authenticate")),
        (403, vec![])
    );
    assert_eq!(
        answer.body,
        r#"{"error": "forbidden", "message": "Not allowed"}"#
    );
}

// V13: the guard stands first, wherever the user wrote the identity. No octet of the body is awaited, or asked for.
#[tokio::test]
async fn a_refusal_comes_before_other_extractors_and_before_the_body_v13() {
    let address = served();
    for fields in [
        "Content-Length: 12\r\n",
        "Transfer-Encoding: chunked\r\n",
        "Content-Length: 12\r\nExpect: 100-continue\r\n",
    ] {
        for path in ["/orders/7?page=3", "/orders/seven?page=x", "/unseen"] {
            let mut connection = Connection::open(address).await;
            let head = format!("POST {path} HTTP/1.1\r\nHost: localhost\r\n{fields}\r\n");
            connection.send(head).await;
            let answer = connection.answer(false).await.unwrap();
            assert_refused(&answer);
            assert_eq!(answer.body, MISSING);
        }
    }
    // What is wrong beside that is told to who may know.
    for line in ["POST /orders/seven?page=3", "POST /orders/7?page=x"] {
        let answer = ask(address, line, GOOD, r#"{"count": 2}"#).await;
        assert_eq!(answer.status(), 400, "{line}");
    }
    assert_eq!(
        ask(address, "POST /orders/7?page=3", GOOD, "{")
            .await
            .status(),
        400
    );
}

// H-16, V10
#[tokio::test]
async fn lines_are_seen_as_they_were_sent_v10() {
    let address = served();
    let twice = ask(address, "GET /shop", &format!("{GOOD}{GOOD}"), "").await;
    assert_eq!(twice.status(), 400);
    for path in ["shop", "permitted"] {
        let head =
            format!("GET /{path} HTTP/1.1\r\nHost: localhost\r\n{GOOD}Authorization: Bearer ");
        let octets = [head.as_bytes(), b"\xff\xfe\r\n\r\n"].concat();
        let answer = exchange(address, octets).await.unwrap();
        assert_eq!(answer.status(), 400, "{path}");
    }
    let octets = b"GET /perhaps HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer \xff\r\n\r\n";
    assert_eq!(exchange(address, octets).await.unwrap().status(), 400);
}

#[tokio::test]
async fn head_gets_the_fields_and_no_body() {
    let address = served();
    for path in ["/unseen", "/perhaps"] {
        let head =
            format!("HEAD {path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer bad\r\n\r\n");
        let mut connection = Connection::open(address).await;
        connection.send(head).await;
        let answer = connection.answer(true).await.unwrap();
        let expected = if path == "/unseen" { 401 } else { 405 };
        assert_eq!(answer.status(), expected, "{path}");
        assert!(connection.nothing_left());
    }
}

// V25
#[tokio::test]
async fn neither_hoops_nor_catchers_take_the_challenges_v25() {
    let catcher = || Catcher::default().hoop(caught);
    for service in [
        Service::new(Router::new().hoop(untidy).hoop(registry()).push(routes())).catcher(catcher()),
        Service::new(Router::new().hoop(registry()).push(routes()))
            .hoop(CatchPanic::new())
            .hoop(untidy)
            .catcher(catcher()),
    ] {
        let address = start(service);
        for path in ["/shop", "/permitted", "/documented/7"] {
            let answer = ask(address, &format!("GET {path}"), "", "").await;
            assert_refused(&answer);
            assert_eq!(answer.body, MISSING);
            assert_eq!(answer.field("x-hoop"), ["kept"]);
            assert_eq!(answer.field("x-cause"), ["missing"]);
        }
        // Others are caught as they were.
        assert_eq!(ask(address, "GET /elsewhere", "", "").await.body, "caught");
    }
}

/// An empty body of the application's own is one as well: no catcher writes another.
#[tokio::test]
async fn a_refusal_with_an_empty_body_is_not_caught_v25() {
    let empty = auth_core::BodyFormat::custom(|_| auth_core::Body {
        content_type: http::HeaderValue::from_static("text/empty"),
        content: Vec::new().into(),
    });
    let registry = Registry::builder()
        .with(accepts::<Bearer, _>("good", ()))
        .with(accepts::<Basic, _>("bob:open sesame", ()))
        .settings(Settings::new().with_body_format(empty))
        .build()
        .unwrap();
    let router = Router::new()
        .hoop(registry)
        .push(Router::with_path("unseen").goal(unseen));
    let address = start(Service::new(router).catcher(Catcher::default().hoop(caught)));
    let answer = ask(address, "GET /unseen", "", "").await;
    assert_eq!((answer.status(), answer.body.as_str()), (401, ""));
    assert_eq!(answer.field("www-authenticate"), CHALLENGES);
    assert_eq!(answer.field("content-type"), ["text/empty"]);
}

/// Where no route matches, salvo runs all hoops of the service, whatever they answer: what the documentation says of that has to
/// be changed when this fails.
#[tokio::test]
async fn a_guarded_hoop_of_the_service_guards_no_other_hoop_where_no_route_matches() {
    #[requires_auth(Api)]
    #[handler]
    async fn members_only() {}

    #[handler]
    async fn files(response: &mut Response) {
        response.status_code(StatusCode::OK);
        response.render("for members");
    }

    let on_service = Service::new(Router::with_path("known").get(health))
        .hoop(registry())
        .hoop(members_only)
        .hoop(files);
    let address = start(on_service);
    assert_refused(&ask(address, "GET /known", "", "").await);
    for unmatched in ["GET /elsewhere", "PUT /known"] {
        let answer = ask(address, unmatched, "", "").await;
        assert!(answer.body.contains("for members"), "{answer:?}");
    }
    // On a router it guards them.
    let rest = Router::with_path("{**rest}").hoop(members_only).goal(files);
    let address = start(
        Router::new()
            .hoop(registry())
            .push(Router::with_path("known").get(health))
            .push(rest),
    );
    for request in ["GET /elsewhere", "PUT /elsewhere"] {
        assert_refused(&ask(address, request, "", "").await);
    }
}

/// A guarded handler is a hoop as well: what stands behind it does not run, whatever that is.
#[tokio::test]
async fn as_a_hoop_a_guarded_handler_guards_what_stands_behind_it() {
    #[requires_auth(Api)]
    #[handler]
    async fn members_only() {}

    #[handler]
    async fn bare() -> &'static str {
        "for members"
    }

    let members = Router::with_path("members/{**rest}")
        .hoop(members_only)
        .goal(bare);
    let address = start(Router::new().hoop(registry()).push(members));
    for path in [
        "/members/a",
        "/members/../members",
        "/members//a",
        "/members/%2e",
    ] {
        let line = format!("GET {path}");
        assert_refused(&ask(address, &line, "", "").await);
        assert_eq!(ask(address, &line, GOOD, "").await.body, "for members");
    }
}

#[tokio::test]
async fn a_registry_that_is_injected_serves_as_well() {
    let address = start(
        Router::new()
            .hoop(affix_state::inject(registry()))
            .push(routes()),
    );
    assert_refused(&ask(address, "GET /permitted", "", "").await);
    assert_eq!(ask(address, "GET /permitted", GOOD, "").await.status(), 200);
}

// Never a pass, and never 401.
#[tokio::test]
async fn without_a_registry_or_a_verifier_everybody_gets_500() {
    let lacking =
        Registry::builder().with(accepts::<Bearer, _>("good", User { name: "ada".into() }));
    let lacking = lacking.build().unwrap();
    // Those of other test packages are linked in as well.
    let lack = |registry: &Registry| {
        let unprovided = registry.unprovided().into_iter();
        unprovided
            .filter(|it| it.policy().starts_with("salvo::"))
            .count()
    };
    assert_eq!((lack(&registry()), lack(&lacking) > 0), (0, true));
    for service in [routes(), Router::new().hoop(lacking).push(routes())] {
        let address = start(service);
        for fields in ["", GOOD] {
            for path in ["/permitted", "/documented/7", "/unseen"] {
                let answer = ask(address, &format!("GET {path}"), fields, "").await;
                assert_eq!(answer.status(), 500, "{path}");
                assert_eq!(answer.field("www-authenticate"), Vec::<&str>::new());
                assert!(answer.body.contains("server_error"), "{answer:?}");
            }
        }
        assert_eq!(ask(address, "GET /health", "", "").await.body, "ok");
    }
}

#[tokio::test]
async fn a_panic_behind_the_guard_is_no_answer_of_the_handler() {
    let address =
        start(Service::new(Router::new().hoop(registry()).push(routes())).hoop(CatchPanic::new()));
    assert_refused(&ask(address, "GET /panics", "", "").await);
    assert_eq!(ask(address, "GET /panics", GOOD, "").await.status(), 500);
    assert_eq!(PANICS.load(Ordering::Relaxed), 1);
}

/// A guard is no parameter of an operation.
#[test]
fn endpoints_are_documented_as_without_the_attribute() {
    let document = OpenApi::new("orders", "1").merge_router(&routes());
    let path = &document.paths["/documented/{id}"];
    let operation = path.operations.values().next().unwrap();
    assert_eq!(operation.parameters.0.len(), 1);
    assert!(operation.parameters.contains("id", ParameterIn::Path));
    assert!(operation.request_body.is_none());
}
