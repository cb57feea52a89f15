//! An application with verifiers of every kind, and handlers that tell who called.

use std::fmt::Display;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::jwt::{Algorithm, Audience, Issuer, Key};
use auth_core::refusal::{InvalidRequest, OpenChallenge};
use auth_core::{
    ApiKeyHash, ApiKeys, AuthState, Bearer, Cause, Clock, DigestAlgorithm, FnVerifier, Grants,
    JwtVerifier, Passwords, Registry, RequestView, Revocation, Scheme, Settings, Transport,
    Verified, Verifier, auth_policy,
};
use axum::body::Body;
use http::{HeaderValue, Request, Response};
use serde::Deserialize;

use crate::handlers::*;
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

impl Pace {
    pub const BOTH: [Self; 2] = [Self::AtOnce, Self::Awaiting];
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
        Self::with_settings(pace, settings())
    }

    #[must_use]
    pub fn with_settings(pace: Pace, settings: Settings) -> Arc<Self> {
        Arc::new(Self::build(pace, settings))
    }

    fn build(pace: Pace, settings: Settings) -> Self {
        fn paced<V>(verifier: V, pace: Pace) -> Paced<V> {
            Paced { verifier, pace }
        }
        let failing =
            FnVerifier::new(|token: auth_core::BearerToken<'_>| Err(failure(token.expose())));
        Self {
            tokens: paced(jwt(), pace),
            users: paced(passwords(), pace),
            digests: paced(digests(), pace),
            keys: paced(api_keys(), pace),
            failing: paced(failing, pace),
            settings,
        }
    }
}

/// What the applications are set to: the time of the tokens, and who tells about TLS.
#[must_use]
pub fn settings() -> Settings {
    Settings::new()
        .with_clock(Clock::manual(tokens::NOW).0)
        .with_transport(Transport::from_field("X-Forwarded-Proto"))
}

/// The same application for frameworks that know no type of a state.
#[must_use]
pub fn registry(pace: Pace, settings: Settings) -> Registry {
    let app = App::build(pace, settings);
    Registry::builder()
        .bearer(app.tokens)
        .also_as::<User>()
        .basic(app.users)
        .digest(app.digests)
        .api_key(app.keys)
        .also_as::<User>()
        .with_tagged::<Failing, _>(app.failing)
        .together::<(Claims, KeyOwner)>()
        .settings(app.settings)
        .build()
        .unwrap()
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

/// A policy with a name.
#[auth_policy(scheme = "Bearer", realm = "API")]
pub struct Api;

/// The table as handlers of plain `http` requests, which axum takes as well.
macro_rules! table {
    ($($(#[$($decision:tt)*])* $name:ident($($caller:ident: $identity:ty)?) => $who:expr;)*) => {$(
        $(#[$($decision)*])*
        pub async fn $name($($caller: $identity,)? request: Request<Body>) -> Response<Body> {
            answer(stringify!($name), &$who, request).await
        }
    )*};
}

crate::handlers!(table);

pub(crate) async fn answer(
    handler: &'static str,
    who: &(dyn Display + Sync),
    request: Request<Body>,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let case = parts.headers.get(CASE).map(HeaderValue::as_bytes);
    let content = served(handler, who, case, &body);
    let answer = Response::builder().header(HANDLER, handler);
    answer.body(Body::from(content)).unwrap()
}
