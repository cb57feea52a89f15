//! `permit`: a condition over the arguments and the identity, behind the extractors and before the body.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]
#![allow(
    clippy::unused_async,
    reason = "handlers are written in all shapes that users write"
)]

use std::future::ready;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use auth_core::http::Guarded;
use auth_core::{Authenticated, BodyFormat, Cause, Settings, auth_policy, requires_auth};
use auth_tests::app::{App, Claims, Pace};
use auth_tests::log::Log;
use auth_tests::request::post;
use auth_tests::tokens;
use axum::Router;
use axum::body::Body;
use axum::extract::{Json, Path};
use axum::handler::Handler;
use axum::response::IntoResponse;
use axum::routing::any;
use http::{HeaderMap, Request, Response, StatusCode};
use tower::ServiceExt as _;

/// What the answer was, with its cause.
struct Answer {
    status: StatusCode,
    fields: HeaderMap,
    cause: Option<Cause>,
    body: String,
}

impl Answer {
    async fn of(response: Response<Body>) -> Self {
        let (parts, body) = response.into_parts();
        let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
        Self {
            status: parts.status,
            fields: parts.headers,
            cause: parts.extensions.get().cloned(),
            body: String::from_utf8(body.to_vec()).unwrap(),
        }
    }
}

fn good() -> String {
    format!("Bearer {}", tokens::good())
}

fn get(path: &str) -> Request<Body> {
    let request = Request::get(path).header("authorization", good());
    request.body(Body::empty()).unwrap()
}

async fn axum_answers<T: 'static>(
    app: Arc<App>,
    handler: impl Handler<T, Arc<App>>,
    request: Request<Body>,
) -> Answer {
    let router = Router::new().route("/{id}", any(handler)).with_state(app);
    Answer::of(router.oneshot(request).await.unwrap()).await
}

/// Nobody is refused with a challenge, `ada` admitted at `/7` and forbidden at `/8`.
async fn permits<T: 'static>(handler: impl Handler<T, Arc<App>>, expected: &str) {
    let app = App::new(Pace::Awaiting);
    let ask = |request| axum_answers(Arc::clone(&app), handler.clone(), request);

    let nobody = ask(Request::get("/7").body(Body::empty()).unwrap()).await;
    assert_eq!(nobody.status, 401);
    assert!(nobody.fields.contains_key("www-authenticate"));
    let owner = ask(get("/7")).await;
    assert_eq!((owner.status.as_u16(), &*owner.body), (200, expected));
    forbidden(&ask(get("/8")).await);
}

/// DD11: "role or other permission missing". H-3, H-16, C-4, V26.
fn forbidden(answer: &Answer) {
    assert_eq!(answer.status, 403);
    assert!(!answer.fields.contains_key("www-authenticate"));
    assert_eq!(answer.fields["cache-control"], "no-store");
    assert_eq!(answer.fields["content-type"], "application/json");
    assert_eq!(
        answer.body,
        r#"{"error": "forbidden", "message": "Not allowed"}"#
    );
    assert_eq!(answer.cause, Some(Cause::Forbidden));
}

async fn owns(user: &Claims, id: u32) -> bool {
    tokio::task::yield_now().await;
    user.sub == "ada" && id == 7
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = user.sub == "ada" && id == 7)]
async fn at_once(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.sub)
}

#[requires_auth(permit = owns(&user, id).await, scheme = "Bearer", realm = "API")]
async fn awaited(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.sub)
}

/// The commas of the condition end it only where no brackets, generics or bars are around them.
#[requires_auth(
    scheme = "Bearer",
    permit = owns(&user, id).await && [7, 9].iter().fold(0, |sum, n| sum * 10 + n) == 79
        && same::<u32, u32>(&id, &id) && Vec::<u32, >::new().is_empty(),
    realm = "API",
)]
async fn with_commas(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.sub)
}

fn same<A: PartialEq<B>, B>(a: &A, b: &B) -> bool {
    a == b
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = 7 == id)]
async fn without_identity(Path(id): Path<u32>) -> &'static str {
    if id == 7 {
        return "early";
    }
    "late"
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
async fn returns_a_trait(Path(id): Path<u32>) -> impl IntoResponse {
    if id > 100 {
        return (StatusCode::ACCEPTED, "more");
    }
    (StatusCode::OK, "trait")
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
async fn returns_a_trait_in_a_result(
    Path(id): Path<u32>,
) -> Result<impl IntoResponse, (StatusCode, String)> {
    let text = Some("result").ok_or((StatusCode::CONFLICT, id.to_string()))?;
    Ok(text)
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
async fn returns_nothing(Path(id): Path<u32>) {
    if id == 9 {
        return;
    }
    tokio::task::yield_now().await;
}

/// What the signature says of the return type holds for `?`, for `return` and for the last expression.
#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
async fn coerces(Path(id): Path<u32>) -> Result<Box<dyn Words>, Failed> {
    if id == 9 {
        return Ok(Box::new("nine"));
    }
    let text = std::str::from_utf8(b"coerced")?;
    Ok(Box::new(text))
}

trait Words: Send {
    fn words(&self) -> String;
}

impl Words for &'static str {
    fn words(&self) -> String {
        (*self).to_owned()
    }
}

impl IntoResponse for Box<dyn Words> {
    fn into_response(self) -> axum::response::Response {
        self.words().into_response()
    }
}

struct Failed;

impl From<std::str::Utf8Error> for Failed {
    fn from(_: std::str::Utf8Error) -> Self {
        Self
    }
}

impl IntoResponse for Failed {
    fn into_response(self) -> axum::response::Response {
        StatusCode::BAD_GATEWAY.into_response()
    }
}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[requires_auth(Api, permit = id == 7)]
async fn named_policy(mut user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    #![allow(
        unused_mut,
        reason = "an attribute inside of the body stays where it is"
    )]
    user = user.clone();
    format!("{} {id}", user.sub)
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
#[axum::debug_handler(state = Arc<App>)]
async fn debug_handler_below(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
#[tracing::instrument(skip(user))]
async fn instrument_below(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.sub)
}

#[tracing::instrument(skip(user))]
#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
async fn instrument_above(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.sub)
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
#[utoipa::path(get, path = "/below/{id}", responses((status = 200, body = String)))]
async fn path_below(user: Authenticated<Claims>, Path(id): Path<u32>) -> String {
    format!("{} {id}", user.sub)
}

#[utoipa::path(get, path = "/above/{id}", responses((status = 200, body = String)))]
#[tracing::instrument(skip(user), err(Debug))]
#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
async fn all_above(user: Authenticated<Claims>, Path(id): Path<u32>) -> Result<String, StatusCode> {
    Ok(format!("{} {id}", user.sub))
}

#[requires_auth(
    scheme = "Bearer",
    realm = "API",
    optional,
    permit = user.is_some_and(|user| user.sub == "ada") && id == 7 || id == 1
)]
async fn optional(user: Option<Authenticated<Claims>>, Path(id): Path<u32>) -> String {
    id.to_string()
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = **id == 7)]
async fn generic<T>(id: Path<T>) -> String
where
    T: std::ops::Deref<Target = u32> + Send,
{
    id.to_string()
}

/// Derefs, as [`generic`] wants it.
#[derive(serde::Deserialize)]
#[serde(transparent)]
struct Id(u32);

impl std::ops::Deref for Id {
    type Target = u32;

    fn deref(&self) -> &u32 {
        &self.0
    }
}

#[tokio::test]
async fn the_condition_decides_in_every_shape() {
    permits(at_once, "ada 7").await;
    permits(awaited, "ada 7").await;
    permits(with_commas, "ada 7").await;
    permits(without_identity, "early").await;
    permits(returns_a_trait, "trait").await;
    permits(returns_a_trait_in_a_result, "result").await;
    permits(returns_nothing, "").await;
    permits(coerces, "coerced").await;
    permits(named_policy, "ada 7").await;
    permits(debug_handler_below, "7").await;
    permits(instrument_below, "ada 7").await;
    permits(instrument_above, "ada 7").await;
    permits(path_below, "ada 7").await;
    permits(all_above, "ada 7").await;
}

#[tokio::test]
async fn nobody_can_be_permitted_if_the_policy_is_optional() {
    let app = App::new(Pace::AtOnce);
    let nobody = |path: &str| Request::get(path).body(Body::empty()).unwrap();
    for (request, status) in [
        (nobody("/1"), 200),
        (nobody("/7"), 403),
        (get("/7"), 200),
        (get("/8"), 403),
    ] {
        let path = request.uri().to_string();
        let answer = axum_answers(Arc::clone(&app), optional, request).await;
        assert_eq!(answer.status, status, "{path}");
    }
}

#[tokio::test]
async fn generic_handlers_permit() {
    permits(generic::<Id>, "7").await;
}

static ASKED: AtomicUsize = AtomicUsize::new(0);
static RAN: AtomicUsize = AtomicUsize::new(0);

fn asked(answer: bool) -> bool {
    ASKED.fetch_add(1, Ordering::SeqCst);
    answer
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = asked(order == "mine"))]
async fn counted(Json(order): Json<String>) {
    RAN.fetch_add(1, Ordering::SeqCst);
    drop(order);
}

// V13: guard, then extractors, then the condition, then the body.
#[tokio::test]
async fn the_order_is_guard_extractors_condition_body_v13() {
    let app = App::new(Pace::AtOnce);
    let good = good();
    for (credentials, content, status, count) in [
        (None, "malformed", 401, (0, 0)),
        (Some(good.as_bytes()), "malformed", 400, (0, 0)),
        (Some(good.as_bytes()), r#""yours""#, 403, (1, 0)),
        (Some(good.as_bytes()), r#""mine""#, 200, (2, 1)),
    ] {
        let fields: Vec<_> = credentials
            .into_iter()
            .map(|c| ("authorization", c))
            .collect();
        let (request, polled) = post("/7", &fields, content);
        let answer = axum_answers(Arc::clone(&app), counted, request).await;
        assert_eq!(answer.status, status, "{content}");
        assert_eq!(polled.get(), credentials.is_some(), "{content}");
        let counted = (ASKED.load(Ordering::SeqCst), RAN.load(Ordering::SeqCst));
        assert_eq!(counted, count, "{content}");
    }
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = request.uri().path() == "/7")]
async fn plain(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    drop(request);
    Response::new(Body::from(user.sub.clone()))
}

async fn all_servers(app: &Arc<App>, request: impl Fn() -> Request<Body>) -> [Answer; 3] {
    let guarded = Guarded::new(Arc::clone(app), plain);
    [
        axum_answers(Arc::clone(app), plain, request()).await,
        Answer::of(guarded.call(request()).await).await,
        Answer::of(guarded.oneshot(request()).await.unwrap()).await,
    ]
}

#[tokio::test]
async fn all_servers_answer_alike() {
    let app = App::new(Pace::Awaiting);
    for answer in all_servers(&app, || get("/7")).await {
        assert_eq!((answer.status.as_u16(), &*answer.body), (200, "ada"));
    }
    for answer in all_servers(&app, || get("/8")).await {
        forbidden(&answer);
    }
}

// H-17: HEAD has no content, and the fields of a GET.
#[tokio::test]
async fn head_has_no_content_h17() {
    let app = App::new(Pace::AtOnce);
    let head = || {
        let mut request = get("/8");
        *request.method_mut() = http::Method::HEAD;
        request
    };
    for answer in all_servers(&app, head).await {
        assert_eq!((answer.status.as_u16(), &*answer.body), (403, ""));
        assert_eq!(answer.fields["content-type"], "application/json");
        assert_eq!(answer.fields["content-length"], "48");
        assert_eq!(answer.fields["cache-control"], "no-store");
    }
}

// X-1: the body format is the application's.
#[tokio::test]
async fn the_body_is_that_of_the_settings_x1() {
    let settings = || Settings::new().with_body_format(BodyFormat::Problem);
    let app = App::with_settings(Pace::AtOnce, settings());
    for answer in all_servers(&app, || get("/8")).await {
        assert_eq!(answer.fields["content-type"], "application/problem+json");
        let problem: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
        assert_eq!(problem["error"], "forbidden");
        assert_eq!(problem["status"], 403);
    }
    let format = BodyFormat::custom(|refusal| auth_core::Body {
        content_type: http::HeaderValue::from_static("text/plain"),
        content: format!("{} by {}", refusal.error(), refusal.policy()).into(),
    });
    let app = App::with_settings(Pace::AtOnce, Settings::new().with_body_format(format));
    for answer in all_servers(&app, || get("/8")).await {
        assert_eq!(answer.body, "forbidden by permit::plain");
    }
}

// The cause rides in the extensions, for layers of the user's.
#[tokio::test]
async fn layers_see_the_cause() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let note = Arc::clone(&seen);
    let router = Router::new()
        .route("/{id}", any(returns_nothing))
        .layer(axum::middleware::map_response(
            move |response: Response<Body>| {
                let cause = response.extensions().get::<Cause>().cloned();
                note.lock().unwrap().push(cause);
                ready(response)
            },
        ))
        .with_state(App::new(Pace::AtOnce));
    for path in ["/7", "/8"] {
        let _ = router.clone().oneshot(get(path)).await.unwrap();
    }
    assert_eq!(*seen.lock().unwrap(), [None, Some(Cause::Forbidden)]);
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = id == 7)]
async fn logged(Path(id): Path<u32>) -> String {
    id.to_string()
}

#[tokio::test]
async fn the_refusal_is_one_event() {
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::INFO)
        .with_ansi(false)
        .with_writer(log.clone())
        .finish();
    // For all threads: with one of a thread alone, events may be switched off by what others see first.
    tracing::subscriber::set_global_default(subscriber).unwrap();
    let app = App::new(Pace::AtOnce);
    for path in ["/7", "/8"] {
        let _ = axum_answers(Arc::clone(&app), logged, get(path)).await;
    }
    let log = log.text();
    let refused: Vec<&str> = log
        .lines()
        .filter(|line| line.contains("refused") && line.contains("permit::logged"))
        .collect();
    assert_eq!(refused.len(), 1, "{log}");
    for part in ["status=403", "permission missing"] {
        assert!(refused[0].contains(part), "{log}");
    }
}
