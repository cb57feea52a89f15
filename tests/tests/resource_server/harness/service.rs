//! The service under attack: handlers whose verifiers have their keys from two issuers.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_core::axum::{GuardedRouter, any};
use auth_core::http::Guarded;
use auth_core::jwt::{Algorithm, Audience, Issuer, JwtIssuers, Key, Profile, RemoteKeys};
use auth_core::{
    AuthState, Authenticated, Clock, ClockHand, JwtVerifier, ProtectedResource, Revocation,
    Settings, TokenFacts, requires_auth,
};
use auth_tests::servers::not_found;
use auth_tests::tokens::{AUDIENCE, NOW, SECRET};
use axum::body::Body;
use http::{Request, Response};
use tower::ServiceExt as _;

use super::{COOLDOWN, ELSEWHERE, ISSUER, Outside, PARTNER, keys};

#[derive(Clone, serde::Deserialize)]
pub struct Claims {
    iss: String,
    sub: String,
    jti: Option<String>,
}

/// Tokens of the partner.
pub enum Partner {}
/// Tokens that need not follow RFC 9068.
pub enum Relaxed {}
/// The same issuer and keys, and another audience.
pub enum Elsewhere {}
/// Tokens of either issuer.
pub enum Several {}
/// Keys that are given at the start: a public one and a secret.
pub enum Mixed {}

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
    #[auth(Bearer, tag = Partner)]
    partner: JwtVerifier<Claims>,
    #[auth(Bearer, tag = Relaxed)]
    relaxed: JwtVerifier<Claims>,
    #[auth(Bearer, tag = Elsewhere)]
    elsewhere: JwtVerifier<Claims>,
    #[auth(Bearer, tag = Several)]
    several: JwtIssuers<Claims>,
    #[auth(Bearer, tag = Mixed)]
    mixed: JwtVerifier<Claims>,
    #[auth(settings)]
    settings: Settings,
}

/// How the handlers are served.
#[derive(Clone, Copy, Debug)]
pub enum Serving {
    Axum,
    Http,
}

pub struct Service {
    pub serving: Serving,
    pub outside: Outside,
    app: Arc<App>,
    router: axum::Router,
    /// Of the clock by which keys grow old; tokens go by one that stands still.
    hand: ClockHand,
    revoked: Arc<Mutex<Vec<String>>>,
}

impl Service {
    /// A service that has its keys.
    pub async fn start(serving: Serving) -> Self {
        let outside = Outside::new();
        let (clock, hand) = Clock::manual(NOW);
        let keys_of = |issuer: &str| {
            let keys = RemoteKeys::discover(Issuer::new(issuer)).with_client(outside.clone());
            keys.with_clock(clock.clone()).with_cooldown(COOLDOWN)
        };
        let ours = keys_of(ISSUER).start().await.unwrap();
        let theirs = keys_of(PARTNER).start().await.unwrap();
        let revoked: Arc<Mutex<Vec<String>>> = Arc::default();
        let list = Arc::clone(&revoked);
        let revocation = Revocation::when(move |token: &TokenFacts| {
            let list = list.lock().unwrap();
            token
                .jti()
                .is_some_and(|jti| list.iter().any(|revoked| revoked == jti))
        });
        let verifier = |keys: &RemoteKeys, audience: &str| {
            let audience = Audience::new(audience);
            JwtVerifier::with_remote_keys(keys.clone(), audience, revocation.clone()).unwrap()
        };
        let app = Arc::new(App {
            tokens: verifier(&ours, AUDIENCE),
            partner: verifier(&theirs, AUDIENCE),
            relaxed: verifier(&ours, AUDIENCE).with_profile(Profile::Jwt),
            elsewhere: verifier(&ours, ELSEWHERE),
            several: JwtIssuers::new([verifier(&ours, AUDIENCE), verifier(&theirs, AUDIENCE)])
                .unwrap(),
            mixed: mixed(),
            settings: settings(),
        });
        Self {
            serving,
            outside,
            router: router(Arc::clone(&app)),
            app,
            hand,
            revoked,
        }
    }

    pub async fn answer(&self, request: Request<Body>) -> Response<Body> {
        match self.serving {
            Serving::Axum => self.router.clone().oneshot(request).await.unwrap(),
            Serving::Http => plain(Arc::clone(&self.app), request).await,
        }
    }

    /// Turns the clock of the keys.
    pub fn after(&self, time: Duration) {
        self.hand.advance(time);
    }

    pub fn revoke(&self, jti: &str) {
        self.revoked.lock().unwrap().push(jti.to_owned());
    }

    /// How many tokens were known from before.
    pub fn hits(&self) -> u64 {
        let app = &self.app;
        let all = [
            &app.tokens,
            &app.partner,
            &app.relaxed,
            &app.elsewhere,
            &app.mixed,
        ];
        let all = all.into_iter().chain(app.several.verifiers());
        all.map(|verifier| verifier.cache_stats().unwrap().hits)
            .sum()
    }
}

fn mixed() -> JwtVerifier<Claims> {
    JwtVerifier::new(
        Issuer::new(ISSUER),
        Audience::new(AUDIENCE),
        [Algorithm::HS256, Algorithm::ES256],
        [
            Key::hs256(SECRET).unwrap().with_kid("secret"),
            Key::from_jwk(&keys().es.jwk().to_string()).unwrap(),
        ],
        Revocation::None,
    )
    .unwrap()
}

fn settings() -> Settings {
    let resource = ProtectedResource::new(AUDIENCE, ISSUER).unwrap();
    Settings::new()
        .with_clock(Clock::manual(NOW).0)
        .with_protected_resource(resource)
        // Long tokens shall reach the verifier.
        .with_max_credentials_len(64 << 10)
}

/// Tells whose token it was.
fn caller(claims: &Claims) -> Response<Body> {
    let Claims { iss, sub, jti } = claims;
    Response::new(Body::from(format!(
        "{iss} {sub} {}",
        jti.as_deref().unwrap_or("-")
    )))
}

macro_rules! handlers {
    ($($handler:ident($($attribute:tt)*);)*) => {
        $(
            #[requires_auth($($attribute)*)]
            async fn $handler(user: Authenticated<Claims>, _request: Request<Body>) -> Response<Body> {
                caller(&user)
            }
        )*

        fn router(app: Arc<App>) -> axum::Router {
            GuardedRouter::new()
                $(.route(concat!("/", stringify!($handler)), any($handler)))*
                .protected_resource(app.settings())
                .with_state(app)
                .into_router()
        }

        async fn plain(app: Arc<App>, request: Request<Body>) -> Response<Body> {
            match request.uri().path() {
                $(concat!("/", stringify!($handler)) => Guarded::new(app, $handler).call(request).await,)*
                _ => not_found(),
            }
        }
    };
}

handlers! {
    orders(scheme = "Bearer", realm = "API", scope = "orders:read");
    clerks(scheme = "Bearer", realm = "API", scope = "orders:read", role = "clerk");
    partners(Bearer(realm = "API", scope = "orders:read"), verifier = Partner);
    either(realm = "API", scope = "orders:read", any(Bearer, Bearer(verifier = Partner)));
    several(Bearer(realm = "API", scope = "orders:read"), verifier = Several);
    relaxed(Bearer(realm = "API", scope = "orders:read"), verifier = Relaxed);
    elsewhere(Bearer(realm = "API", scope = "orders:read"), verifier = Elsewhere);
    mixed_keys(Bearer(realm = "API", scope = "orders:read"), verifier = Mixed);
}
