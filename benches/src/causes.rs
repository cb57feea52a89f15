//! Every refusal whose text is fixed, each with a request that meets it.

use std::sync::Arc;
use std::time::Duration;

use auth_core::{
    ApiKeys, AuthState, Bearer, BearerToken, Cause, FnVerifier, Grants, Passwords, Policy,
    ProtectedResource, Refusal, RequestView, Settings, Unseen, Verified, auth_policy, http::check,
    requires_auth,
};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, StatusCode};

use crate::request::Template;

/// The state: its tokens say what is wrong with them.
#[derive(AuthState, Debug)]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, ()>,
    #[auth(ApiKey)]
    keys: ApiKeys<()>,
    #[auth(Basic)]
    users: Passwords<()>,
    #[auth(settings)]
    settings: Settings,
}

/// A refusal to be measured.
#[derive(Debug)]
pub struct Refused {
    /// What is wrong.
    pub name: &'static str,
    /// The request.
    pub template: Template,
    /// The answer's status.
    pub status: StatusCode,
    /// A route that refuses it.
    pub router: Router,
    /// The refusal itself, without a framework around it.
    pub refuse: fn(&App, &Request<Body>) -> Refusal,
    /// The state for that.
    pub app: Arc<App>,
}

#[auth_policy(scheme = "Bearer", realm = "API", scope = "orders:read")]
struct Token;
#[auth_policy(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
struct Key;
#[auth_policy(scheme = "Basic", realm = "Dev zone")]
struct Password;
#[auth_policy(any(
    Bearer(realm = "API", scope = "orders:read"),
    Basic(realm = "Dev zone"),
    ApiKey(realm = "API", header = "X-API-Key")
))]
struct Either;

#[requires_auth(Token)]
async fn token() {}
#[requires_auth(Key)]
async fn key() {}
#[requires_auth(Password)]
async fn password() {}
#[requires_auth(Either)]
async fn either() {}

fn refuse<P>(app: &App, request: &Request<Body>) -> Refusal
where
    P: Policy,
    P::Accepts: auth_core::Accepts<App, Unseen>,
{
    let decision = crate::request::run(check::<P, Unseen, _>(app, RequestView::of(request)));
    decision.expect_err("a refusal")
}

/// Settings with which challenges name metadata.
fn naming_metadata() -> Settings {
    let resource =
        ProtectedResource::new("https://api.example.com/mcp", "https://login.example.com");
    Settings::new().with_protected_resource(resource.expect("URLs"))
}

fn app(settings: Settings) -> App {
    let tokens = FnVerifier::new(|token: BearerToken<'_>| {
        let wait = Duration::from_secs(30);
        Err(match token.expose() {
            "expired" => Cause::TokenExpired { at: None },
            "revoked" => Cause::TokenRevoked,
            "invalid" => Cause::invalid_token("wrong signature"),
            "forbidden" => Cause::Forbidden,
            "many" => Cause::TooManyRequests { retry_after: wait },
            "down" => Cause::unavailable(wait, "the database is down"),
            "unconfigured" => Cause::NotConfigured("no database".into()),
            _ => return Ok(Verified::new(()).with_grants(Grants::none())),
        })
    });
    App {
        tokens,
        keys: ApiKeys::new(),
        users: Passwords::builder()
            .user(
                "ada",
                "$argon2id$v=19$m=19456,t=2,p=1$1FqVSWP1L+BaV5R0/Qa0rQ$SCq4pOQg55HoiDZQ5y+xipMzTnHzQo55MZusu/xUSEU",
                (),
            )
            .and_then(auth_core::PasswordsBuilder::build)
            .expect("a hash"),
        settings,
    }
}

/// All of them.
pub fn all() -> Vec<Refused> {
    type Refuse = fn(&App, &Request<Body>) -> Refusal;
    let plain = Arc::new(app(Settings::new()));
    let naming = Arc::new(app(naming_metadata()));
    let routed = |method, app: &Arc<App>, refuse: Refuse| {
        let router = Router::new().route("/", method).with_state(Arc::clone(app));
        (router, refuse, Arc::clone(app))
    };
    let by_token = routed(get(token), &plain, refuse::<Token>);
    let by_key = routed(get(key), &plain, refuse::<Key>);
    let by_password = routed(get(password), &plain, refuse::<Password>);
    let by_either = routed(get(either), &plain, refuse::<Either>);
    let with_metadata = routed(get(token), &naming, refuse::<Token>);
    let nothing = Template::without_credentials();
    let sent = Template::authorization;
    let bearer = |token: &str| Template::authorization(&format!("Bearer {token}"));
    let twice = sent("Bearer a").and(http::header::AUTHORIZATION, "Bearer b");
    let unknown = "bench_0123456789012345678901234567890";
    [
        ("missing", &by_token, nothing.clone(), 401),
        (
            "missing, with metadata",
            &with_metadata,
            nothing.clone(),
            401,
        ),
        ("missing, three schemes", &by_either, nothing.clone(), 401),
        ("missing, API key", &by_key, nothing, 401),
        ("foreign scheme", &by_token, sent("Digest x=y"), 401),
        ("malformed Basic", &by_password, sent("Basic !!"), 401),
        ("two Authorization lines", &by_token, twice, 400),
        ("not one token", &by_token, sent("Bearer a b"), 400),
        ("unknown key", &by_key, Template::api_key(unknown), 401),
        ("expired", &by_token, bearer("expired"), 401),
        (
            "expired, with metadata",
            &with_metadata,
            bearer("expired"),
            401,
        ),
        ("revoked", &by_token, bearer("revoked"), 401),
        ("invalid token", &by_token, bearer("invalid"), 401),
        ("insufficient scope", &by_token, bearer("good"), 403),
        ("forbidden", &by_token, bearer("forbidden"), 403),
        ("429", &by_token, bearer("many"), 429),
        ("503", &by_token, bearer("down"), 503),
        ("500", &by_token, bearer("unconfigured"), 500),
    ]
    .into_iter()
    .map(|(name, (router, refuse, app), template, status)| Refused {
        name,
        template,
        status: StatusCode::from_u16(status).expect("a status"),
        router: router.clone(),
        refuse: *refuse,
        app: Arc::clone(app),
    })
    .collect()
}
