//! An application with verifiers of every kind, and handlers that tell who called.

use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::jwt::{Algorithm, Audience, Issuer, Key};
use auth_core::refusal::{InvalidRequest, OpenChallenge};
use auth_core::{
    ApiKeyHash, ApiKeys, AuthState, Authenticated, Bearer, Cause, Clock, DigestAlgorithm,
    FnVerifier, Grants, JwtVerifier, Passwords, RequestView, Revocation, Scheme, Settings,
    Transport, Verified, Verifier, auth_policy, public, requires_auth,
};
use axum::body::Body;
use http::{HeaderValue, Request, Response};
use serde::Deserialize;

use crate::tokens;

/// A bcrypt hash of `open sesame`, of the lowest cost: tests hash often.
const OPEN_SESAME: &str = "$2b$04$8wgy7KgKYP5FhR8EJI/0D.5MfvnIa7AzBhyw9VsW7adaJGsm4BKdO";

pub const DIGEST_USER: &str = "Mufasa";
pub const DIGEST_PASSWORD: &str = "Circle of Life";
/// How long a nonce lasts, in seconds.
pub const NONCE_LIFETIME: u64 = 300;

pub const API_KEY: &str = "acme_live_0123456789abcdefghij";
pub const NARROW_KEY: &str = "acme_live_without_any_scopes_0";
pub const REVOKED_KEY: &str = "acme_live_revoked_9876543210zy";

#[derive(Clone, Deserialize)]
pub struct Claims {
    pub sub: String,
}

#[derive(Clone)]
pub struct User {
    pub name: String,
}

#[derive(Clone)]
pub struct KeyOwner {
    pub name: String,
}

impl From<Claims> for User {
    fn from(claims: Claims) -> Self {
        Self { name: claims.sub }
    }
}

impl From<KeyOwner> for User {
    fn from(owner: KeyOwner) -> Self {
        Self { name: owner.name }
    }
}

/// Whether verifiers answer at once or await first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pace {
    AtOnce,
    Awaiting,
}

/// A verifier at a pace.
pub struct Paced<V> {
    verifier: V,
    pace: Pace,
}

impl<V: Verifier> Verifier for Paced<V> {
    type Scheme = V::Scheme;
    type Identity = V::Identity;

    async fn verify<'r>(
        &'r self,
        credentials: <V::Scheme as Scheme>::Credentials<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<V::Identity>, Cause> {
        if self.pace == Pace::Awaiting {
            tokio::task::yield_now().await;
        }
        self.verifier.verify(credentials, request).await
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        self.verifier.complete(challenge, request)
    }
}

/// The tag of the verifier that only fails, with what its token says.
pub enum Failing {}

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: Paced<JwtVerifier<Claims>>,
    #[auth(Basic)]
    users: Paced<Passwords<User>>,
    #[auth(Digest)]
    digests: Paced<DigestVerifier<DigestUserList<User>>>,
    #[auth(ApiKey)]
    keys: Paced<ApiKeys<KeyOwner>>,
    #[auth(Bearer, tag = Failing)]
    failing: Paced<FnVerifier<Bearer, User>>,
    #[auth(settings)]
    settings: Settings,
}

impl App {
    #[must_use]
    pub fn new(pace: Pace) -> Arc<Self> {
        let settings = Settings::new()
            .with_clock(Clock::manual(tokens::NOW).0)
            .with_transport(Transport::from_field("X-Forwarded-Proto"));
        Self::with_settings(pace, settings)
    }

    #[must_use]
    pub fn with_settings(pace: Pace, settings: Settings) -> Arc<Self> {
        let paced = |verifier| Paced { verifier, pace };
        Arc::new(Self {
            tokens: Paced {
                verifier: jwt(),
                pace,
            },
            users: Paced {
                verifier: passwords(),
                pace,
            },
            digests: Paced {
                verifier: digests(),
                pace,
            },
            keys: Paced {
                verifier: api_keys(),
                pace,
            },
            failing: paced(FnVerifier::new(|token: auth_core::BearerToken<'_>| {
                Err(failure(token.expose()))
            })),
            settings,
        })
    }
}

fn jwt() -> JwtVerifier<Claims> {
    let (clock, _) = Clock::manual(tokens::NOW);
    JwtVerifier::new(
        Issuer::new(tokens::ISSUER),
        Audience::new(tokens::AUDIENCE),
        [Algorithm::HS256, Algorithm::ES256],
        [
            Key::hs256(tokens::SECRET).unwrap().with_kid("hs"),
            Key::from_jwk(&tokens::es256_jwk()).unwrap(),
        ],
        Revocation::None,
    )
    .unwrap()
    .with_clock(clock)
}

fn passwords() -> Passwords<User> {
    let user = |name: &str| User {
        name: name.to_owned(),
    };
    Passwords::builder()
        .user("Aladdin", OPEN_SESAME, user("Aladdin"))
        .unwrap()
        .build()
        .unwrap()
}

/// It reads one octet of content, and all applications here know the nonces of each other.
fn digests() -> DigestVerifier<DigestUserList<User>> {
    let user = User {
        name: DIGEST_USER.to_owned(),
    };
    let users = DigestUserList::builder([("API", DigestAlgorithm::Sha256)])
        .user(DIGEST_USER, DIGEST_PASSWORD, user)
        .unwrap()
        .build()
        .unwrap();
    DigestVerifier::builder(users, NonceSecret::new([7; 32]).unwrap())
        .with_nonce_lifetime(std::time::Duration::from_secs(NONCE_LIFETIME))
        .with_max_content_len(1)
        .build()
        .unwrap()
}

/// The challenge that [`digest`] gives at this time. Nothing of it is measured.
#[must_use]
pub fn digest_challenge(unix_seconds: u64) -> String {
    let settings = Settings::new().with_clock(Clock::manual(unix_seconds).0);
    let app = App::with_settings(Pace::AtOnce, settings);
    let answer = auth_core::http::Guarded::new(app, digest).call(Request::new(Body::empty()));
    metrics::with_local_recorder(&metrics::NoopRecorder, || {
        let mut context = Context::from_waker(Waker::noop());
        let Poll::Ready(answer) = std::pin::pin!(answer).poll(&mut context) else {
            panic!("who presents nothing is refused at once");
        };
        let challenge = &answer.headers()[http::header::WWW_AUTHENTICATE];
        challenge.to_str().unwrap().to_owned()
    })
}

fn api_keys() -> ApiKeys<KeyOwner> {
    let keys = ApiKeys::new();
    let owner = |name: &str| KeyOwner {
        name: name.to_owned(),
    };
    let granted = Grants::none().with_scopes(["orders:read"]);
    keys.insert_with_grants(&ApiKeyHash::of(API_KEY), owner("acme"), granted.clone());
    keys.insert(&ApiKeyHash::of(NARROW_KEY), owner("narrow"));
    keys.insert_with_grants(&ApiKeyHash::of(REVOKED_KEY), owner("gone"), granted);
    assert!(keys.revoke(&ApiKeyHash::of(REVOKED_KEY)));
    keys
}

/// Every cause that a verifier of the user can give.
fn failure(token: &str) -> Cause {
    let later = std::time::Duration::from_millis(1500);
    match token {
        "revoked" => Cause::TokenRevoked,
        "expired" => Cause::TokenExpired { at: None },
        "forbidden" => Cause::Forbidden,
        "many" => Cause::TooManyRequests { retry_after: later },
        "down" => Cause::unavailable(later, "the store at 10.0.0.1 is down"),
        "unreadable" => Cause::InvalidRequest(InvalidRequest::ContentUnreadable),
        "unconfigured" => Cause::NotConfigured("no key file".into()),
        "large" => Cause::ContentTooLarge,
        "algorithm" => Cause::AlgorithmNotOffered,
        "nonce" => Cause::UnknownNonce,
        "stale" => Cause::StaleNonce,
        _ => Cause::InvalidCredentials,
    }
}

/// What every handler answers: who called which handler, and what the body was.
async fn served(handler: &str, name: &str, request: Request<Body>) -> Response<Body> {
    let body = axum::body::to_bytes(request.into_body(), 1 << 20)
        .await
        .unwrap();
    let body = String::from_utf8_lossy(&body);
    Response::builder()
        .header("x-handler", handler)
        .body(Body::from(format!("{handler}: {name}: {body}")))
        .unwrap()
}

#[requires_auth(scheme = "Bearer", realm = "API")]
pub async fn bearer(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("bearer", &user.sub, request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read orders:write")]
pub async fn scoped(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("scoped", &user.sub, request).await
}

#[requires_auth(scheme = "Basic", realm = "Secured area")]
pub async fn basic(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    served("basic", &user.name, request).await
}

#[requires_auth(scheme = "Basic", realm = "Secured area", charset = none)]
pub async fn basic_without_charset(request: Request<Body>) -> Response<Body> {
    served("basic_without_charset", "-", request).await
}

#[requires_auth(scheme = "Digest", realm = "API", qop = "auth, auth-int")]
pub async fn digest(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    served("digest", &user.name, request).await
}

#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
pub async fn api_key(owner: Authenticated<KeyOwner>, request: Request<Body>) -> Response<Body> {
    served("api_key", &owner.name, request).await
}

#[requires_auth(
    scheme = "ApiKey",
    header = "X-API-Key",
    realm = "API",
    scope = "orders:read"
)]
pub async fn scoped_key(owner: Authenticated<KeyOwner>, request: Request<Body>) -> Response<Body> {
    served("scoped_key", &owner.name, request).await
}

#[requires_auth(scheme = "X-API-Key", realm = "API")]
pub async fn named_key(owner: Authenticated<KeyOwner>, request: Request<Body>) -> Response<Body> {
    served("named_key", &owner.name, request).await
}

#[requires_auth(any(Bearer(realm = "API"), Basic(realm = "Dev zone")))]
pub async fn either(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    served("either", &user.name, request).await
}

#[requires_auth(any(Bearer(realm = "API"), ApiKey(realm = "API", header = "X-API-Key")))]
pub async fn carriers(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    served("carriers", &user.name, request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", optional)]
pub async fn optional(
    user: Option<Authenticated<Claims>>,
    request: Request<Body>,
) -> Response<Body> {
    let name = user.map_or_else(|| "nobody".to_owned(), |user| user.sub.clone());
    served("optional", &name, request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", error_when_missing = "missing_token")]
pub async fn promised(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("promised", &user.sub, request).await
}

// The keys beside a single scheme hold for it.
#[requires_auth(Bearer(realm = "API"), verifier = Failing)]
pub async fn failing(request: Request<Body>) -> Response<Body> {
    served("failing", "-", request).await
}

#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

#[requires_auth(Api)]
pub async fn named_policy(request: Request<Body>) -> Response<Body> {
    served("named_policy", "-", request).await
}

#[public(reason = "load balancer probe")]
pub async fn health(request: Request<Body>) -> Response<Body> {
    served("health", "-", request).await
}

#[requires_auth(realm = "API", all(Bearer, ApiKey(header = "X-API-Key")))]
pub async fn both(
    callers: Authenticated<(Claims, KeyOwner)>,
    request: Request<Body>,
) -> Response<Body> {
    let name = format!("{} of {}", callers.0.sub, callers.1.name);
    served("both", &name, request).await
}

#[requires_auth(realm = "API", any(Bearer, Bearer(verifier = Failing)))]
pub async fn two_issuers(user: Authenticated<User>, request: Request<Body>) -> Response<Body> {
    served("two_issuers", &user.name, request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", cookie = "session")]
pub async fn session(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("session", &user.sub, request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", role = any("clerk", "admin"))]
pub async fn clerks(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("clerks", &user.sub, request).await
}

#[requires_auth(scheme = "Bearer", realm = "API", acr = "hwk mfa", max_age = 300)]
pub async fn stepped_up(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("stepped_up", &user.sub, request).await
}

#[requires_auth(Api, secure)]
pub async fn secure(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("secure", &user.sub, request).await
}

#[requires_auth(Api, permit = user.sub == "ada")]
pub async fn permitted(user: Authenticated<Claims>, request: Request<Body>) -> Response<Body> {
    served("permitted", &user.sub, request).await
}
