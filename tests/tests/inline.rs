//! The inline form: functions that keep their signature, checked before their first statement (V12, V13),
//! and `check!`. What must not compile stands in `tests/ui/inline` and `tests/ui/check`.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    reason = "tests"
)]
#![allow(
    clippy::needless_pass_by_value,
    clippy::needless_pass_by_ref_mut,
    clippy::unused_async,
    clippy::unused_self,
    clippy::unnecessary_wraps,
    reason = "functions are written in all shapes that users write"
)]

use std::cell::Cell;
use std::error::Error;
use std::future::Future;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use auth_core::{
    Authenticated, BodyFormat, Cause, FromRefusal, Refusal, RequestView, Settings, Unseen,
    ViewRequest, auth_policy, check, requires_auth,
};
use auth_tests::app::{App, Claims, KeyOwner, Pace, User};
use auth_tests::request::post;
use auth_tests::tokens;
use bytes::Bytes;
use http::request::Parts;
use http::{Request, Response, StatusCode};
use tracing::instrument;

type Body = Bytes;
type BoxError = Box<dyn Error + Send + Sync>;

/// What runs only behind the check.
static RAN: AtomicUsize = AtomicUsize::new(0);

fn ask(credentials: Option<&str>) -> Request<Body> {
    let request = Request::get("/orders/7");
    let request = match credentials {
        Some(value) => request.header("authorization", value),
        None => request,
    };
    request.body(Bytes::from_static(b"body")).unwrap()
}

fn good() -> Request<Body> {
    ask(Some(&format!("Bearer {}", tokens::good())))
}

fn answer(text: &str) -> Response<Body> {
    Response::new(Bytes::copy_from_slice(text.as_bytes()))
}

fn app() -> Arc<App> {
    App::new(Pace::Awaiting)
}

/// Nobody gets the refusal, whole, and a bearer of a good token gets this body.
async fn guards<Fut: Future<Output = Response<Body>>>(
    call: impl Fn(Arc<App>, Request<Body>) -> Fut,
    expected: &str,
) {
    let refused = call(app(), ask(None)).await;
    assert_eq!(refused.status(), StatusCode::UNAUTHORIZED, "{expected}");
    assert_eq!(
        refused.headers()["www-authenticate"],
        r#"Bearer realm="API""#
    );
    assert_eq!(refused.headers()["cache-control"], "no-store");
    assert_eq!(refused.extensions().get(), Some(&Cause::Missing));
    let admitted = call(app(), good()).await;
    assert_eq!(
        (admitted.status().as_u16(), &**admitted.body()),
        (200, expected.as_bytes())
    );
}

fn infallible<E>(result: Result<Response<Body>, E>) -> Response<Body> {
    // An error would be answered with 500 by whoever gets it.
    result.unwrap_or_else(|_| panic!("a refusal is no error"))
}

// Free functions, and how each return type tells a refusal.

/// As a Lambda handler is written.
#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app, identity = user: Claims)]
async fn lambda(app: Arc<App>, request: Request<Body>) -> Result<Response<Body>, BoxError> {
    let text = std::str::from_utf8(request.body())?;
    Ok(answer(&format!("{} {text}", user.sub)))
}

/// The body of Lambda's own crate is made from vectors and not from `Bytes`.
#[derive(Debug)]
struct Binary(Vec<u8>);

impl From<Vec<u8>> for Binary {
    fn from(content: Vec<u8>) -> Self {
        Self(content)
    }
}

/// The error could tell a refusal too.
#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn binary(app: Arc<App>, request: Request<Body>) -> Result<Response<Binary>, OrderError> {
    Ok(Response::new(Binary(request.into_body().into())))
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn binary_alone(app: Arc<App>, request: Request<Body>) -> Response<Binary> {
    Response::new(Binary(request.into_body().into()))
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn response(app: &App, request: &Request<Body>) -> Response<Body> {
    let _ = request;
    answer("response")
}

type Answer<T = Response<Body>> = Result<T, BoxError>;

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn alias(app: Arc<App>, request: Request<Body>) -> Answer {
    Ok(answer(request.method().as_str()))
}

/// The error could tell a refusal too, but the response comes first.
#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn both(app: Arc<App>, request: Request<Body>) -> Result<Response<Body>, OrderError> {
    if request.body().is_empty() {
        return Err(OrderError::Empty);
    }
    Ok(answer("both"))
}

#[derive(Debug)]
enum OrderError {
    Refused(Refusal),
    Empty,
}

impl From<Refusal> for OrderError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn by_error(app: Arc<App>, request: Request<Body>) -> Result<usize, OrderError> {
    match request.body().len() {
        0 => Err(OrderError::Empty),
        len => Ok(len),
    }
}

enum Told {
    Refused(StatusCode),
    Len(usize),
}

impl From<Refusal> for Told {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal.status())
    }
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn by_type(app: Arc<App>, request: Request<Body>) -> Told {
    Told::Len(request.body().len())
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn by_generic<T: FromRefusal + Default>(app: Arc<App>, request: Request<Body>) -> T {
    drop(request);
    T::default()
}

#[derive(Default)]
struct Status(u16);

impl From<Refusal> for Status {
    fn from(refusal: Refusal) -> Self {
        Self(refusal.status().as_u16())
    }
}

/// Names as in tonic: this is no `http::Response`, and the refusal is a status.
mod rpc {
    pub(super) struct Request<T>(pub(super) T);
    pub(super) struct Response<T>(pub(super) T);
    #[derive(Debug, PartialEq)]
    pub(super) struct Status(pub(super) u16);

    impl From<auth_core::Refusal> for Status {
        fn from(refusal: auth_core::Refusal) -> Self {
            Self(refusal.status().as_u16())
        }
    }
}

#[requires_auth(
    scheme = "Bearer",
    realm = "API",
    request = RequestView::new("POST", "/rpc", &request.0),
    state = app,
    identity = user: Claims,
)]
async fn rpc_method(
    app: Arc<App>,
    request: rpc::Request<http::HeaderMap>,
) -> Result<rpc::Response<String>, rpc::Status> {
    let _ = request;
    Ok(rpc::Response(user.sub.clone()))
}

#[tokio::test]
async fn every_return_type_tells_the_refusal() {
    guards(
        |app, request| async { infallible(lambda(app, request).await) },
        "ada body",
    )
    .await;
    guards(
        |app, request| async move { response(&app, &request).await },
        "response",
    )
    .await;
    guards(
        |app, request| async { infallible(alias(app, request).await) },
        "GET",
    )
    .await;
    guards(
        |app, request| async { infallible(both(app, request).await) },
        "both",
    )
    .await;

    let call = |app, request| async {
        binary(app, request)
            .await
            .unwrap()
            .map(|body| body.0.into())
    };
    guards(call, "body").await;
    let call = |app, request| async { binary_alone(app, request).await.map(|body| body.0.into()) };
    guards(call, "body").await;
    let refused = binary(app(), ask(None)).await.unwrap();
    assert!(
        refused
            .body()
            .0
            .starts_with(br#"{"error": "authentication_required""#)
    );

    let refused = by_error(app(), ask(None)).await.unwrap_err();
    assert!(matches!(refused, OrderError::Refused(refusal) if refusal.cause() == &Cause::Missing));
    assert_eq!(by_error(app(), good()).await.unwrap(), 4);
    assert!(matches!(
        by_type(app(), ask(None)).await,
        Told::Refused(StatusCode::UNAUTHORIZED)
    ));
    assert!(matches!(by_type(app(), good()).await, Told::Len(4)));
    assert_eq!(by_generic::<Status>(app(), ask(None)).await.0, 401);
    assert_eq!(by_generic::<Status>(app(), good()).await.0, 0);

    let fields = |request: Request<Body>| rpc::Request(request.into_parts().0.headers);
    let refused = rpc_method(app(), fields(ask(None))).await.err();
    assert_eq!(refused, Some(rpc::Status(401)));
    assert_eq!(rpc_method(app(), fields(good())).await.unwrap().0, "ada");
}

// Methods, of all receivers.

struct Orders {
    app: Arc<App>,
    served: usize,
}

impl Orders {
    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app, identity = user: Claims)]
    async fn by_ref(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        answer(&format!("{} {}", user.sub, self.served))
    }

    /// Documented.
    #[requires_auth(scheme = "Bearer", realm = "API", request = &request, state = &*self.app)]
    #[allow(unused_mut, reason = "an attribute between")]
    async fn by_mut(&mut self, mut request: Request<Body>) -> Response<Body> {
        #![allow(
            clippy::needless_return,
            reason = "an attribute inside stays where it is"
        )]
        self.served += 1;
        return answer(&format!("{} {}", self.served, request.uri()));
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app)]
    async fn by_value(self, request: Request<Body>) -> Response<Body> {
        drop(request);
        answer("value")
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app)]
    async fn by_arc(self: Arc<Self>, request: Parts) -> Response<Body> {
        answer(request.method.as_str())
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
    async fn without_self<'r, R>(app: &'r Arc<App>, request: &'r mut R) -> Response<Body>
    where
        R: ViewRequest + Sync + Send,
    {
        answer(request.view().target())
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app, identity = user: I)]
    async fn generic<I: From<Claims> + ToString + Send + Sync + Clone + 'static>(
        &self,
        request: Request<Body>,
    ) -> Response<Body> {
        drop(request);
        answer(&user.to_string())
    }
}

#[derive(Clone)]
struct Name(String);

impl From<Claims> for Name {
    fn from(claims: Claims) -> Self {
        Self(claims.sub)
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

fn orders(app: Arc<App>) -> Orders {
    Orders { app, served: 0 }
}

#[tokio::test]
async fn methods_of_every_receiver() {
    guards(
        |app, request| async { orders(app).by_ref(request).await },
        "ada 0",
    )
    .await;
    guards(
        |app, request| async { orders(app).by_mut(request).await },
        "1 /orders/7",
    )
    .await;
    guards(
        |app, request| async { orders(app).by_value(request).await },
        "value",
    )
    .await;
    guards(
        |app, request| async { Arc::new(orders(app)).by_arc(request.into_parts().0).await },
        "GET",
    )
    .await;
    guards(
        |app, mut request| async move { Orders::without_self(&app, &mut request).await },
        "/orders/7",
    )
    .await;
    guards(
        |app, request| async { orders(app).generic::<Name>(request).await },
        "ada",
    )
    .await;
}

// Traits: with `async fn` of the language, and under `#[async_trait]`.

trait Service {
    fn app(&self) -> &App;

    async fn serve(&self, request: Request<Body>) -> Response<Body>;

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app())]
    async fn provided(&self, request: Request<Body>) -> Response<Body> {
        self.serve(request).await
    }
}

impl Service for Orders {
    fn app(&self) -> &App {
        &self.app
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app(), identity = user: Claims)]
    async fn serve(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        answer(&user.sub)
    }
}

#[async_trait]
trait Boxed: Sync {
    fn state(&self) -> &App;

    async fn plain(&self, request: Request<Body>) -> Response<Body>;
    async fn changes(&mut self, request: Request<Body>) -> Result<Response<Body>, BoxError>;
    async fn instrumented_above(&self, request: Request<Body>) -> Response<Body>;
    async fn instrumented_below(&self, request: Request<Body>) -> Response<Body>;
    async fn generic<R: ViewRequest + Send + Sync>(&self, request: &R) -> Response<Body>
    where
        Self: Sized;

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.state())]
    async fn provided(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        answer("provided")
    }
}

#[async_trait]
impl Boxed for Orders {
    fn state(&self) -> &App {
        &self.app
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app, identity = user: Claims)]
    async fn plain(&self, request: Request<Body>) -> Response<Body> {
        RAN.fetch_add(1, Ordering::SeqCst);
        drop(request);
        answer(&format!("{} {}", user.sub, self.served))
    }

    #[requires_auth(
        scheme = "Bearer", realm = "API", request = request, state = self.app,
        identity = mut user: Claims, permit = user.sub == "ada" && request.body().len() == 4,
    )]
    async fn changes(&mut self, mut request: Request<Body>) -> Result<Response<Body>, BoxError> {
        self.served += 1;
        user = user.clone();
        let text = std::str::from_utf8(request.body_mut())?;
        Ok(answer(&format!("{} {text}", user.sub)))
    }

    #[instrument(skip_all)]
    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app, identity = user: Claims)]
    async fn instrumented_above(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        answer(&user.sub)
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app, identity = user: Claims)]
    #[instrument(skip(self, request))]
    async fn instrumented_below(&self, request: Request<Body>) -> Response<Body> {
        drop(request);
        answer(&user.sub)
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.app)]
    async fn generic<R: ViewRequest + Send + Sync>(&self, request: &R) -> Response<Body> {
        answer(request.view().method())
    }
}

#[tokio::test]
async fn methods_of_traits_v12() {
    guards(
        |app, request| async { orders(app).serve(request).await },
        "ada",
    )
    .await;
    guards(
        |app, request| async { Service::provided(&orders(app), request).await },
        "ada",
    )
    .await;

    guards(
        |app, request| async { orders(app).plain(request).await },
        "ada 0",
    )
    .await;
    assert_eq!(RAN.load(Ordering::SeqCst), 1, "only behind the check");
    guards(
        |app, request| async { infallible(orders(app).changes(request).await) },
        "ada body",
    )
    .await;
    guards(
        |app, request| async { orders(app).instrumented_above(request).await },
        "ada",
    )
    .await;
    guards(
        |app, request| async { orders(app).instrumented_below(request).await },
        "ada",
    )
    .await;
    guards(
        |app, request| async move { Boxed::generic(&orders(app), &request).await },
        "GET",
    )
    .await;
    guards(
        |app, request| async { Boxed::provided(&orders(app), request).await },
        "provided",
    )
    .await;
}

/// What `#[async_trait]` sees if our attribute ran before it, as that of a whole block may: the check is
/// in the body already, with `self` in it.
mod ours_first {
    use super::{App, Arc, Authenticated, Body, Claims, Request, Response, answer, async_trait};
    use auth_core::{Refusal, check};

    #[async_trait]
    pub(super) trait Boxed {
        async fn serve(&self, request: Request<Body>) -> Response<Body>;
    }

    #[async_trait]
    impl Boxed for Arc<App> {
        async fn serve(&self, request: Request<Body>) -> Response<Body> {
            let user: Result<Authenticated<Claims>, Refusal> = check!(
                scheme = "Bearer",
                realm = "API",
                request = request,
                state = self,
                identity = Claims
            );
            match user {
                Ok(user) => answer(&user.sub),
                Err(refusal) => refusal.into_response(),
            }
        }
    }
}

#[tokio::test]
async fn the_check_may_be_there_before_async_trait() {
    use ours_first::Boxed as _;
    guards(
        |app, request| async move { app.serve(request).await },
        "ada",
    )
    .await;
}

// Instruments, on `async fn`.

#[instrument(skip_all)]
#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app, identity = user: Claims)]
async fn instrument_above(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    drop(request);
    answer(&user.sub)
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app, identity = user: Claims)]
#[instrument(skip_all)]
async fn instrument_below(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    drop(request);
    answer(&user.sub)
}

macro_rules! handler {
    ($name:ident, $user:ident, $identity:ty, $returned:ty) => {
        #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app, identity = $user: $identity)]
        async fn $name(app: Arc<App>, request: Request<Body>) -> $returned {
            drop(request);
            Ok(answer(&$user.sub))
        }
    };
}

handler!(
    written_by_a_macro,
    user,
    Claims,
    Result<Response<Body>, BoxError>
);

/// Items in the body hide nothing from the check in front of it.
#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app, identity = user: Claims)]
async fn items_inside(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    #[derive(Clone)]
    struct Claims(u8);
    enum Bearer {
        Here,
    }
    drop(request);
    let own = (Claims(1), Bearer::Here);
    answer(&format!("{} {}", user.sub, own.0.clone().0 + own.1 as u8))
}

#[tokio::test]
async fn other_attributes_and_macros_v12() {
    guards(instrument_above, "ada").await;
    guards(instrument_below, "ada").await;
    guards(
        |app, request| async { infallible(written_by_a_macro(app, request).await) },
        "ada",
    )
    .await;
    guards(items_inside, "ada 1").await;
}

// Policies, identities and conditions.

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
struct Open;

#[requires_auth(Api, request = request, state = app, identity = user: Authenticated<User>)]
async fn named(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    drop(request);
    answer(&user.name)
}

#[requires_auth(Open, request = request, state = app, identity = user: Option<Authenticated<Claims>>)]
async fn named_optional(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    drop(request);
    answer(user.map_or("nobody", |_| "somebody"))
}

#[requires_auth(scheme = "Bearer", realm = "API", optional, request = request, state = app, identity = user: Claims)]
async fn optional(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    drop(request);
    let user: Option<Authenticated<Claims>> = user;
    answer(user.map_or("nobody", |_| "somebody"))
}

#[requires_auth(
    scheme = "ApiKey", header = "X-API-Key", realm = "API", scope = "orders:read",
    request = request, state = app, identity = owner: KeyOwner,
)]
async fn by_key(app: Arc<App>, request: Request<Body>) -> Response<Body> {
    drop(request);
    answer(&owner.name)
}

#[requires_auth(
    scheme = "Bearer", realm = "API", request = request, state = app,
    permit = request.uri().path() == path && allowed(&user).await, identity = user: Claims,
)]
async fn permitted(
    app: Arc<App>,
    request: Request<Body>,
    path: &str,
) -> Result<Response<Body>, BoxError> {
    Ok(answer(&user.sub))
}

async fn allowed(user: &Claims) -> bool {
    tokio::task::yield_now().await;
    user.sub == "ada"
}

#[tokio::test]
async fn policies_identities_and_conditions() {
    guards(named, "ada").await;
    for (request, status, body) in [
        (ask(None), 200, Some("nobody")),
        (good(), 200, Some("somebody")),
        (ask(Some("Bearer wrong")), 401, None),
        (ask(Some("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")), 401, None),
    ] {
        let again = || Request::from_parts(request.clone().into_parts().0, Bytes::new());
        for answer in [
            named_optional(app(), again()).await,
            optional(app(), again()).await,
        ] {
            assert_eq!(answer.status(), status);
            assert!(body.is_none_or(|body| answer.body() == body));
        }
    }
    for (key, status) in [
        (auth_tests::app::API_KEY, 200),
        (auth_tests::app::NARROW_KEY, 403),
        (auth_tests::app::REVOKED_KEY, 401),
    ] {
        let request = Request::get("/")
            .header("x-api-key", key)
            .body(Bytes::new());
        assert_eq!(by_key(app(), request.unwrap()).await.status(), status);
    }

    let call = |app, request| async { infallible(permitted(app, request, "/orders/7").await) };
    guards(call, "ada").await;
    let forbidden = infallible(permitted(app(), good(), "/orders/8").await);
    assert_eq!(forbidden.status(), 403);
    assert!(!forbidden.headers().contains_key("www-authenticate"));
    assert_eq!(forbidden.extensions().get(), Some(&Cause::Forbidden));
    assert_eq!(
        forbidden.body(),
        r#"{"error": "forbidden", "message": "Not allowed"}"#
    );
}

// H-17, X-1: as everywhere, the answer to HEAD has no content, and bodies are the application's.
#[tokio::test]
async fn the_settings_of_the_state_hold_h17_x1() {
    let settings = Settings::new().with_body_format(BodyFormat::Problem);
    let app = App::with_settings(Pace::AtOnce, settings);
    for (head, path) in [
        (false, "/orders/7"),
        (true, "/orders/7"),
        (false, "/"),
        (true, "/"),
    ] {
        let mut request = if path == "/" { good() } else { ask(None) };
        if head {
            *request.method_mut() = http::Method::HEAD;
        }
        let refused = infallible(permitted(Arc::clone(&app), request, path).await);
        assert_eq!(refused.status(), if path == "/" { 403 } else { 401 });
        assert_eq!(
            refused.headers()["content-type"],
            "application/problem+json"
        );
        assert_eq!(refused.body().is_empty(), head);
    }
}

// V13: nothing of the body is read before the check.
#[tokio::test]
async fn the_body_is_untouched_v13() {
    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
    async fn reads(
        app: Arc<App>,
        request: Request<axum::body::Body>,
    ) -> Result<Response<Body>, BoxError> {
        Ok(Response::new(
            axum::body::to_bytes(request.into_body(), 100).await?,
        ))
    }
    let (request, polled) = post("/", &[], "content");
    assert_eq!(infallible(reads(app(), request).await).status(), 401);
    assert!(!polled.get());
    let good = format!("Bearer {}", tokens::good());
    let (request, polled) = post("/", &[("authorization", good.as_bytes())], "content");
    assert_eq!(infallible(reads(app(), request).await).body(), "content");
    assert!(polled.get());
}

/// A body that threads cannot share.
struct Unshared(Cell<u8>);

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn unshared(app: Arc<App>, request: Request<Unshared>) -> Response<Body> {
    answer(&request.into_body().0.get().to_string())
}

struct UnsharedService(Arc<App>);

impl UnsharedService {
    #[requires_auth(
        scheme = "Bearer", realm = "API", request = request, state = self.0,
        permit = request.body().0.get() == 1, identity = user: Claims,
    )]
    async fn serve(&self, request: Request<Unshared>) -> Response<Body> {
        drop(request);
        answer(&user.sub)
    }
}

#[async_trait]
trait UnsharedBoxed {
    async fn boxed(&self, request: Request<Unshared>) -> Response<Body>;
}

#[async_trait]
impl UnsharedBoxed for UnsharedService {
    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.0)]
    async fn boxed(&self, request: Request<Unshared>) -> Response<Body> {
        answer(&request.into_body().0.get().to_string())
    }
}

// The view alone is held while a verifier is awaited.
#[tokio::test]
async fn futures_are_send_although_the_body_is_not_sync() {
    fn send<F: Future + Send>(future: F) -> F {
        future
    }
    let request = || good().map(|_| Unshared(Cell::new(1)));
    let service = UnsharedService(app());
    for answer in [
        send(unshared(app(), request())).await,
        send(service.serve(request())).await,
        send(service.boxed(request())).await,
        send(async {
            let request = request();
            let user = check!(
                scheme = "Bearer",
                realm = "API",
                request = request,
                state = service.0
            );
            user.map_or_else(Refusal::into_response, |_: Unseen| answer("checked"))
        })
        .await,
    ] {
        assert_eq!(answer.status(), 200);
    }
}

// `check!`

#[tokio::test]
async fn check_is_an_expression_in_closures() {
    let state = app();
    let closure = |request: Request<Body>| {
        let state = Arc::clone(&state);
        async move {
            let user: Authenticated<Claims> = check!(
                scheme = "Bearer",
                realm = "API",
                request = request,
                state = state,
                identity = Claims
            )?;
            Ok::<_, Refusal>(answer(&user.sub))
        }
    };
    let call = |_, request| {
        let answer = closure(request);
        async { answer.await.unwrap_or_else(Refusal::into_response) }
    };
    guards(call, "ada").await;

    let named = async |request: &Request<Body>| -> Result<Unseen, Refusal> {
        check!(Api, request = request, state = &*state)
    };
    assert_eq!(named(&ask(None)).await.unwrap_err().status(), 401);
    assert!(named(&good()).await.is_ok());

    let optional = async |request: &Request<Body>| -> Result<Option<Authenticated<User>>, Refusal> {
        check!(
            Bearer(realm = "API"),
            optional,
            request = request,
            state = state,
            identity = User
        )
    };
    assert!(optional(&ask(None)).await.unwrap().is_none());
    assert_eq!(optional(&good()).await.unwrap().unwrap().name, "ada");
    let wrong = optional(&ask(Some("Bearer wrong"))).await;
    assert_eq!(wrong.unwrap_err().status(), 401);

    let one_of_two = async |request: &Request<Body>| {
        let first = check!(Open, request = request, state = state, identity = Option<Authenticated<Claims>>)?;
        let second =
            check!(Api, request = request, state = state, identity = Authenticated<Claims>);
        Ok::<_, Refusal>((first.is_some(), second.is_ok()))
    };
    assert_eq!(one_of_two(&ask(None)).await.unwrap(), (false, false));
    assert_eq!(one_of_two(&good()).await.unwrap(), (true, true));
}

// The name in logs and refusals says where the check stands.
#[tokio::test]
async fn the_policy_has_the_name_of_the_function() {
    let refused = by_error(app(), ask(None)).await.unwrap_err();
    let OrderError::Refused(refusal) = refused else {
        panic!("refused by the check");
    };
    assert_eq!(refusal.policy(), "inline::by_error");
}

/// The request is named by the attribute alone: that is use enough.
mod request_for_the_check_only {
    #![deny(warnings)]

    use super::*;

    #[async_trait::async_trait]
    trait Lists {
        async fn list(&self, request: Request<()>) -> Result<Response<Vec<u8>>, std::io::Error>;
    }

    #[async_trait::async_trait]
    impl Lists for Arc<App> {
        #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self)]
        async fn list(&self, request: Request<()>) -> Result<Response<Vec<u8>>, std::io::Error> {
            Ok(Response::new(Vec::new()))
        }
    }

    #[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
    #[rustfmt::skip] // on one line the block behind the check looks superfluous
    async fn one_expression(app: &App, request: Request<()>) -> Response<Vec<u8>> { Response::new(Vec::new()) }

    #[tokio::test]
    async fn it_is_checked() {
        let app = App::new(Pace::AtOnce);
        let answer = Lists::list(&app, Request::new(())).await.unwrap();
        assert_eq!(answer.status(), 401);
        assert_eq!(one_expression(&app, Request::new(())).await.status(), 401);
    }
}
