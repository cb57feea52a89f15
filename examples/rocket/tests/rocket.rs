//! Runs the program and calls it over real connections; and what Rocket does before any guard, as its page tells it.
#![allow(
    clippy::needless_pass_by_value,
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]

use std::future::ready;
use std::net::{Ipv4Addr, SocketAddr};
use std::process::Command;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_core::http::check;
use auth_core::testing::{Accepting, accepts};
use auth_core::{
    Accepts, AuthState, Authenticated, Bearer, Policy, RequestView, Unseen, Wanted, auth_policy,
};
use auth_tests::program::Program;
use auth_tests::raw::{Answer, Connection, exchange};
use rocket::config::LogLevel;
use rocket::fairing::AdHoc;
use rocket::http::{Method, Status};
use rocket::request::{FromRequest, Outcome, Request};
use rocket::{Config, async_trait, catch, catchers, delete, get, routes};
use tokio::sync::oneshot;

#[path = "../src/guarded.rs"]
mod guarded;

use guarded::{Caller, Lines, guarded};

fn start() -> Program {
    Program::start(Command::new(env!("CARGO_BIN_EXE_rocket-example")).env("PORT", "0"))
}

const CHALLENGE: [&str; 1] = [r#"ApiKey realm="API", in="header", name="X-API-Key""#];

#[tokio::test]
async fn it_admits_the_key_and_refuses_everything_else_a2() {
    let program = start();
    let mut quoted = program.printed.split('\'');
    let key = quoted.find(|word| word.starts_with("X-API-Key: ")).unwrap();
    for (line, body, content) in [
        ("GET /hello", "", "hello Example Ltd\n"),
        ("POST /repeat/2", "again ", "again again "),
    ] {
        let answer = ask(program.address, line, &format!("{key}\r\n"), body).await;
        assert_eq!((answer.status(), answer.body.as_str()), (200, content));
        for fields in ["", "X-API-Key: wrong\r\n"] {
            let answer = ask(program.address, line, fields, body).await;
            assert_eq!(answer.status(), 401);
            assert_eq!(answer.field("www-authenticate"), CHALLENGE);
            assert_eq!(answer.field("cache-control"), ["no-store"]);
            assert_eq!(answer.field("content-type"), ["application/json"]);
            assert!(answer.body.starts_with("{\"error\": \""), "{answer:?}");
        }
    }
    // What is wrong beside that is told to who may know.
    let line = "POST /repeat/often";
    assert_eq!(ask(program.address, line, "", "again").await.status(), 401);
    let answer = ask(program.address, line, &format!("{key}\r\n"), "again").await;
    assert_eq!(answer.status(), 422);
    assert_eq!(
        ask(program.address, "GET /health", "", "").await.status(),
        200
    );
}

/// The page of the library holds the file that users copy.
#[test]
fn the_page_holds_the_code() {
    let page = include_str!("../../../auth-core/src/frameworks/rocket.md");
    let (_, code) = include_str!("../src/guarded.rs")
        .split_once("\n\n")
        .unwrap();
    assert!(page.contains(code), "auth-core/src/frameworks/rocket.md");
}

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: Accepting<Bearer, String>,
}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
struct Perhaps;

#[get("/who")]
fn who(user: Caller<String>) -> String {
    user.0.to_string()
}

#[delete("/who")]
fn delete_who(user: Caller<String>) -> String {
    format!("deleted by {}", *user.0)
}

#[get("/number/<number>")]
fn number(_user: Caller<String>, number: u8) -> String {
    number.to_string()
}

/// What the one above forwards to, and nobody guards.
#[get("/number/<_>", rank = 2)]
fn other(user: Option<Caller<String>>) -> &'static str {
    if user.is_some() { "somebody" } else { "nobody" }
}

#[get("/unguarded")]
fn unguarded(_user: Caller<String>) {}

static RAN: AtomicUsize = AtomicUsize::new(0);

/// A guard as an adapter would have to write it: Rocket asks it for a status, and for nothing else.
struct Guard;

#[async_trait]
impl<'r> FromRequest<'r> for Guard {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match seen::<Api, Unseen>(request).await {
            Ok(_) => Outcome::Success(Self),
            Err(status) => Outcome::Error((status, ())),
        }
    }
}

async fn seen<P, W>(request: &Request<'_>) -> Result<W, Status>
where
    P: Policy<Accepts: Accepts<App, W>>,
    W: Wanted,
{
    let app = request.rocket().state::<App>().unwrap();
    let (target, lines) = (request.uri().to_string(), Lines(request.headers()));
    let view = RequestView::new(request.method().as_str(), &target, &lines);
    let found = check::<P, W, _>(app, view).await;
    found.map_err(|refusal| Status::new(refusal.status().as_u16()))
}

#[get("/guard")]
fn guard(_guard: Guard) {}

#[get("/in-option")]
fn in_option(_guard: Option<Guard>) {
    RAN.fetch_add(1, Ordering::Relaxed);
}

/// The caller of an optional policy.
struct Optional(Option<Authenticated<String>>);

#[async_trait]
impl<'r> FromRequest<'r> for Optional {
    type Error = ();

    async fn from_request(request: &'r Request<'_>) -> Outcome<Self, ()> {
        match seen::<Perhaps, _>(request).await {
            Ok(user) => Outcome::Success(Self(user)),
            Err(status) => Outcome::Error((status, ())),
        }
    }
}

#[get("/optional")]
fn optional(user: Optional) -> String {
    user.0.map_or("nobody".to_owned(), |user| user.to_string())
}

static METHOD: Mutex<Option<Method>> = Mutex::new(None);

#[get("/method")]
fn method(method: Method) {
    *METHOD.lock().unwrap() = Some(method);
}

#[catch(default)]
fn caught() -> &'static str {
    "caught"
}

/// Serves until the test ends.
async fn served() -> SocketAddr {
    let config = Config {
        port: 0,
        log_level: LogLevel::Off,
        ..Config::default()
    };
    let (says, port) = oneshot::channel();
    let says = Mutex::new(Some(says));
    let app = App {
        tokens: accepts("good", "ada".to_owned()),
    };
    let open = routes![other, unguarded, guard, in_option, method, optional];
    let rocket = rocket::custom(config)
        .manage(app)
        .mount(
            "/",
            guarded::<Api, App, String>(routes![who, delete_who, number]),
        )
        .mount("/", open)
        .register("/", catchers![caught])
        .attach(AdHoc::on_liftoff("says where it listens", move |rocket| {
            let says = says.lock().unwrap().take().unwrap();
            says.send(rocket.config().port).unwrap();
            Box::pin(ready(()))
        }));
    tokio::spawn(rocket.launch());
    (Ipv4Addr::LOCALHOST, port.await.unwrap()).into()
}

const GOOD: &str = "Authorization: Bearer good\r\n";

/// `fields` are whole lines.
async fn ask(address: SocketAddr, line: &str, fields: &str, body: &str) -> Answer {
    let length = body.len();
    let request = format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Length: {length}\r\n{fields}\r\n{body}"
    );
    exchange(address, request).await.unwrap()
}

// The way that is left.

// V25
#[tokio::test]
async fn no_catcher_takes_the_challenge_v25() {
    let address = served().await;
    let answer = ask(address, "GET /who", "Authorization: Bearer bad\r\n", "").await;
    let challenge =
        r#"Bearer realm="API", error="invalid_token", error_description="Token invalid""#;
    assert_eq!(answer.field("www-authenticate"), [challenge]);
    assert_eq!(
        answer.body,
        r#"{"error": "invalid_token", "message": "Token invalid"}"#
    );
    assert_eq!(ask(address, "GET /elsewhere", "", "").await.body, "caught");

    let mut connection = Connection::open(address).await;
    connection
        .send("HEAD /who HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await;
    let answer = connection.answer(true).await.unwrap();
    assert_eq!(answer.field("www-authenticate"), [r#"Bearer realm="API""#]);
    assert!(connection.nothing_left());
}

#[tokio::test]
async fn a_caller_is_known_in_guarded_routes_only() {
    let address = served().await;
    assert_eq!(ask(address, "GET /who", GOOD, "").await.body, "ada");
    assert_eq!(ask(address, "GET /unguarded", GOOD, "").await.status(), 500);
    // Nor in one that a guarded route forwards to.
    assert_eq!(ask(address, "GET /number/7", GOOD, "").await.body, "7");
    assert_eq!(ask(address, "GET /number/x", "", "").await.status(), 401);
    assert_eq!(ask(address, "GET /number/x", GOOD, "").await.body, "nobody");
}

// What no guard can mend. Where one of these fails, Rocket has become better, and the page is to be changed.

/// V13: content is asked for, and its first fourteen octets are awaited, before anything looks at the request.
#[tokio::test]
async fn the_body_is_read_before_any_guard_v13() {
    let address = served().await;
    let mut connection = Connection::open(address).await;
    connection
        .send("GET /who HTTP/1.1\r\nHost: localhost\r\nContent-Length: 20\r\nExpect: 100-continue\r\n\r\n")
        .await;
    let interim = connection.next(false).await.unwrap();
    assert_eq!(interim.status(), 100);
    connection.send("fourteen octets").await;
    let answer = connection.next(false).await.unwrap();
    assert_eq!(answer.status(), 401);
}

/// V10: a line that is not UTF-8 is dropped, so nobody sees that there are two.
#[tokio::test]
async fn some_field_lines_are_never_seen_v10() {
    let address = served().await;
    let hidden = b"Authorization: Bearer \xff\r\n\r\n";
    let head = format!("GET /who HTTP/1.1\r\nHost: localhost\r\n{GOOD}");
    let answer = exchange(address, [head.as_bytes(), hidden].concat())
        .await
        .unwrap();
    assert_eq!((answer.status(), answer.body.as_str()), (200, "ada"));
    assert_eq!(
        ask(address, "GET /who", &format!("{GOOD}{GOOD}"), "")
            .await
            .status(),
        400
    );

    // Wrong credentials are no credentials then.
    let head = b"GET /optional HTTP/1.1\r\nHost: localhost\r\n";
    let answer = exchange(address, [&head[..], hidden].concat())
        .await
        .unwrap();
    assert_eq!((answer.status(), answer.body.as_str()), (200, "nobody"));
    let wrong = ask(
        address,
        "GET /optional",
        "Authorization: Bearer bad\r\n",
        "",
    )
    .await;
    assert_eq!(wrong.status(), 401);
}

/// V11, V13: a form says which handler it is for.
#[tokio::test]
async fn the_content_changes_the_method_v11() {
    let address = served().await;
    let fields = format!("{GOOD}Content-Type: application/x-www-form-urlencoded\r\n");
    let head = format!(
        "POST /who HTTP/1.1\r\nHost: localhost\r\n{fields}Content-Length: 14\r\n\r\n_method=delete"
    );
    let answer = exchange(address, head).await.unwrap();
    assert_eq!(answer.body, "deleted by ada");

    ask(address, "HEAD /method", "", "").await;
    assert_eq!(*METHOD.lock().unwrap(), Some(Method::Get));
}

/// V25, V12: why a request guard, which stands among the arguments, is no way either.
#[tokio::test]
async fn a_request_guard_tells_a_status_only_and_can_be_ignored_v12_v25() {
    let address = served().await;
    let answer = ask(address, "GET /guard", "", "").await;
    assert_eq!((answer.status(), answer.body.as_str()), (401, "caught"));
    assert_eq!(answer.field("www-authenticate"), Vec::<&str>::new());
    assert_eq!(ask(address, "GET /in-option", "", "").await.status(), 200);
    assert_eq!(RAN.load(Ordering::Relaxed), 1);
}
