//! Every way to guard something, on one router: each answers at a path of its own, to credentials of its own.

use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use auth_core::axum::{GuardedRouter, any};
use auth_core::http::Guarded;
use auth_core::scheme::ChallengeErrors;
use auth_core::tower::GuardLayer;
use auth_core::{
    ApiKey, ApiKeyCredentials, AuthState, Authenticated, Basic, BasicCredentials, Bearer,
    BearerToken, Cause, Clock, FnVerifier, Grants, Refusal, Scheme, Settings, Text, Transport,
    Unseen, Verified, auth_policy, check, requires_auth,
};
use axum::Router;
use axum::body::Body;
use axum::extract::State;
use axum::response::IntoResponse as _;
use http::{Request, Response};
use tower::{Layer as _, ServiceExt as _, service_fn};

pub const NOW: u64 = 1_000_000;

#[derive(Clone, Debug)]
pub struct User;

/// For the identities of `all(..)`.
impl From<(User, User)> for User {
    fn from((user, _): (User, User)) -> Self {
        user
    }
}

/// Credentials are the word behind the scheme.
pub enum Ticket {}

impl Scheme for Ticket {
    type Credentials<'r> = &'r [u8];
    type Owned = Vec<u8>;
    const NAME: &'static str = "Ticket";
    const REJECTED: Text = Text::new("invalid_credentials", "Ticket unknown");
    const ERRORS: ChallengeErrors = ChallengeErrors::None;

    fn extract(value: &[u8]) -> Result<&[u8], Cause> {
        Some(value)
            .filter(|value| !value.is_empty())
            .ok_or(Cause::Malformed)
    }

    fn to_owned(credentials: &[u8]) -> Vec<u8> {
        credentials.to_vec()
    }
}

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, User>,
    #[auth(Basic)]
    users: FnVerifier<Basic, User>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, User>,
    #[auth(Ticket)]
    tickets: FnVerifier<Ticket, User>,
    #[auth(settings)]
    settings: Settings,
    asked: Arc<AtomicUsize>,
}

impl App {
    pub fn new(settings: Settings) -> Arc<Self> {
        let asked = Arc::new(AtomicUsize::new(0));
        let judge = {
            let asked = Arc::clone(&asked);
            move |word: &str| {
                asked.fetch_add(1, Ordering::SeqCst);
                judged(word)
            }
        };
        let (tokens, users, keys, tickets) = (judge.clone(), judge.clone(), judge.clone(), judge);
        Arc::new(Self {
            tokens: FnVerifier::new(move |token: BearerToken<'_>| tokens(token.expose())),
            users: FnVerifier::new(move |user: BasicCredentials<'_>| users(user.user_id())),
            keys: FnVerifier::new(move |key: ApiKeyCredentials<'_>| keys(key.expose())),
            tickets: FnVerifier::new(move |word: &[u8]| tickets(&String::from_utf8_lossy(word))),
            settings: settings
                .with_clock(Clock::manual(NOW).0)
                .with_transport(Transport::from_field("x-forwarded-proto")),
            asked,
        })
    }

    /// How often a verifier was asked.
    pub fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// Whatever the scheme, the credentials say what is to be found about them.
fn judged(word: &str) -> Result<Verified<User>, Cause> {
    let later = Duration::from_secs(3);
    let scoped = Grants::none().with_scopes(["read"]);
    let fresh = |grants: Grants| grants.with_acr("mfa").with_auth_time(NOW);
    let clerk = |grants: Grants| grants.with_roles(["clerk"]);
    let grants = match word {
        "good" => fresh(clerk(scoped)),
        "ended" => fresh(clerk(scoped)).expiring_at(NOW),
        "low-scope" => fresh(clerk(Grants::none())),
        "low-role" => fresh(scoped),
        "low-acr" => clerk(scoped).with_acr("pwd").with_auth_time(NOW),
        "old" => clerk(scoped).with_acr("mfa").with_auth_time(NOW - 301),
        "revoked" => return Err(Cause::TokenRevoked),
        "many" => return Err(Cause::TooManyRequests { retry_after: later }),
        "down" => return Err(Cause::unavailable(later, "10.0.0.1")),
        "unconfigured" => return Err(Cause::NotConfigured("no key file".into())),
        "panic" => panic!("a verifier that panics"),
        _ => return Err(Cause::InvalidCredentials),
    };
    Ok(Verified::new(User).with_grants(grants))
}

/// What every handler answers: who ran, and how long the body was.
async fn ran(handler: &'static str, request: Request<Body>) -> Response<Body> {
    let body = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .unwrap();
    ([("x-handler", handler)], body.len().to_string()).into_response()
}

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

#[auth_policy(Api, scope = "read", role = "clerk")]
struct Clerks;

#[auth_policy(scheme = "Bearer", realm = "API", optional)]
pub struct Open;

#[requires_auth(Api)]
async fn plain(request: Request<Body>) -> Response<Body> {
    ran("/plain", request).await
}

#[requires_auth(Clerks)]
async fn narrowed(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    drop(user);
    ran("/narrowed", request).await
}

#[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-Key")))]
async fn both(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    drop(user);
    ran("/both", request).await
}

#[requires_auth(realm = "API", any(all(Bearer, ApiKey(header = "X-Key")), Basic))]
async fn either(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    drop(user);
    ran("/either", request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", permit = request.headers().get("x-no").is_none())]
async fn permit(request: Request<Body>) -> Response<Body> {
    ran("/permit", request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", cookie = "id")]
async fn session(request: Request<Body>) -> Response<Body> {
    ran("/session", request).await
}

#[requires_auth(scheme = "ApiKey", realm = "API", cookie = "id")]
async fn key_cookie(request: Request<Body>) -> Response<Body> {
    ran("/key-cookie", request).await
}

#[requires_auth(scheme = "ApiKey", realm = "API", header = "X-Key")]
async fn key(request: Request<Body>) -> Response<Body> {
    ran("/key", request).await
}

#[requires_auth(scheme = "Basic", realm = "API")]
async fn password(request: Request<Body>) -> Response<Body> {
    ran("/password", request).await
}

#[requires_auth(scheme = self::Ticket, realm = "API")]
async fn ticket(request: Request<Body>) -> Response<Body> {
    ran("/ticket", request).await
}

#[requires_auth(Api)]
async fn over_http(request: Request<Body>) -> Response<Body> {
    ran("/http", request).await
}

#[requires_auth(Api)]
async fn fallback(request: Request<Body>) -> Response<Body> {
    ran("/unknown", request).await
}

#[requires_auth(scheme = "Bearer", realm = "API")]
mod handlers {
    use super::{Body, Request, Response, ran};

    pub(super) mod nested {
        pub(in super::super) async fn module(
            request: super::Request<super::Body>,
        ) -> super::Response<super::Body> {
            super::ran("/module", request).await
        }
    }
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = app)]
async fn inline(State(app): State<Arc<App>>, request: Request<Body>) -> Response<Body> {
    ran("/inline", request).await
}

async fn checked(State(app): State<Arc<App>>, request: Request<Body>) -> Response<Body> {
    let user: Result<Unseen, Refusal> = check!(Api, request = request, state = app);
    match user {
        Ok(_) => ran("/check", request).await,
        Err(refusal) => refusal.into_response(),
    }
}

pub struct Orders(pub Arc<App>);

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.0)]
impl Orders {
    pub async fn method(&self, request: Request<Body>) -> Response<Body> {
        ran("/method", request).await
    }
}

#[async_trait]
pub trait Boxed {
    async fn boxed(&self, request: Request<Body>) -> Response<Body>;
}

#[requires_auth(scheme = "Bearer", realm = "API", request = request, state = self.0)]
#[async_trait]
impl Boxed for Orders {
    async fn boxed(&self, request: Request<Body>) -> Response<Body> {
        ran("/boxed", request).await
    }
}

/// Fields of a request.
pub type Fields = &'static [(&'static str, &'static str)];

const TOKEN: Fields = &[("authorization", "Bearer good")];
const KEY: Fields = &[("x-key", "good")];
const TOKEN_AND_KEY: Fields = &[("authorization", "Bearer good"), ("x-key", "good")];
/// `good:`
const PASSWORD: Fields = &[("authorization", "Basic Z29vZDo=")];
const COOKIE: Fields = &[("cookie", "a=b; id=good")];
const TICKET: Fields = &[("authorization", "Ticket good")];

/// Each path, and what it takes.
pub const SURFACE: [(&str, Fields); 21] = [
    ("/plain", TOKEN),
    ("/narrowed", TOKEN),
    ("/both", TOKEN_AND_KEY),
    ("/either", PASSWORD),
    ("/either", TOKEN_AND_KEY),
    ("/permit", TOKEN),
    ("/session", COOKIE),
    ("/key-cookie", COOKIE),
    ("/key", KEY),
    ("/password", PASSWORD),
    ("/ticket", TICKET),
    ("/module", TOKEN),
    ("/service", TOKEN),
    ("/under", TOKEN),
    ("/unknown", TOKEN),
    ("/inline", TOKEN),
    ("/check", TOKEN),
    ("/method", TOKEN),
    ("/boxed", TOKEN),
    ("/layer", TOKEN),
    ("/http", TOKEN),
];

/// All of them, as they are.
pub fn router(app: &Arc<App>) -> Router {
    guarded(app).with_state(Arc::clone(app)).into_router()
}

/// All of them, for a router to nest them in.
pub fn guarded(app: &Arc<App>) -> GuardedRouter<Arc<App>> {
    let service = |name| {
        service_fn(move |request| async move { Ok::<_, Infallible>(ran(name, request).await) })
    };
    let layer: GuardLayer<Api, Arc<App>> = GuardLayer::new(Arc::clone(app));
    let (of_method, of_boxed) = (Arc::clone(app), Arc::clone(app));
    let by_hand = Router::new()
        .route("/inline", axum::routing::any(inline))
        .route("/check", axum::routing::any(checked))
        .route(
            "/method",
            axum::routing::any(|request| async { Orders(of_method).method(request).await }),
        )
        .route(
            "/boxed",
            axum::routing::any(|request| async { Orders(of_boxed).boxed(request).await }),
        )
        .route_service("/layer", layer.layer(service("/layer")))
        .route_service("/http", Guarded::new(Arc::clone(app), over_http));
    GuardedRouter::new()
        .route("/plain", any(plain))
        .route("/narrowed", any(narrowed))
        .route("/both", any(both))
        .route("/either", any(either))
        .route("/permit", any(permit))
        .route("/session", any(session))
        .route("/key-cookie", any(key_cookie))
        .route("/key", any(key))
        .route("/password", any(password))
        .route("/ticket", any(ticket))
        .route("/module", any(handlers::nested::module))
        .guarded_service::<Api>("/service", service("/service"))
        .nest_guarded_service::<Api>("/under", service("/under"))
        .undecided("they check inside", by_hand)
        .fallback(fallback)
}

pub async fn answer(router: &Router, request: Request<Body>) -> Response<Body> {
    router.clone().oneshot(request).await.unwrap()
}
