//! Bearer tokens by introspection (RFC 7662): I-1 to I-6, and what V6, V9, V21, V24 and V28 say of them, through real
//! policies on axum. No test sleeps: the clock is turned.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    missing_debug_implementations,
    reason = "tests"
)]

mod beside_jwts;
mod breaker;
mod cache;
mod client_authentication;
mod failures;
mod flights;
mod granted;
mod panics;
mod rules;
mod secrets;
mod settings;

use std::sync::Arc;

use auth_core::introspection::{
    ClientAuth, Introspection, IntrospectionBuilder, IntrospectionHealth,
};
use auth_core::jwt::Audience;
use auth_core::{
    AuthState, Authenticated, Cause, Clock, ClockHand, Revocation, Secret, Settings, TokenFacts,
    requires_auth,
};
use auth_tests::introspector::Introspector;
use auth_tests::tokens::{AUDIENCE, NOW};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::{Request, Response};
use tower::ServiceExt as _;

/// An endpoint that only a client of the test's own reaches.
const ENDPOINT: &str = "https://login.example/introspect";
const TOKEN: &str = "2YotnFZFEjr1zCsicMWpAA";

#[derive(Clone, serde::Deserialize)]
struct Claims {
    sub: String,
}

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: Introspection<Claims>,
    #[auth(settings)]
    settings: Settings,
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn plain(user: Authenticated<Claims>) -> String {
    user.sub.clone()
}

#[requires_auth(scheme = "Bearer", realm = "API", scope = "orders:read")]
async fn scoped() {}

#[requires_auth(scheme = "Bearer", realm = "API", role = "clerk")]
async fn clerks() {}

#[requires_auth(scheme = "Bearer", realm = "API", acr = "urn:example:mfa")]
async fn strong() {}

#[requires_auth(scheme = "Bearer", realm = "API", max_age = 300)]
async fn recent() {}

/// Who issued the token, if that is known.
#[requires_auth(scheme = "Bearer", realm = "API")]
async fn issuer(user: Authenticated<Claims>) -> String {
    let token = user.grants().token();
    token.map_or("nobody", TokenFacts::issuer).to_owned()
}

/// A service, the endpoint that it asks, and the hand of its clock.
struct Service {
    router: Router,
    tokens: Introspection<Claims>,
    endpoint: Introspector,
    hand: ClockHand,
}

/// What a caller gets.
#[derive(Debug, PartialEq, Eq)]
struct Told {
    status: u16,
    challenge: String,
    retry_after: Option<String>,
    body: String,
    cause: Option<Cause>,
}

impl Told {
    /// The detail that only the log sees.
    fn detail(&self) -> String {
        self.cause
            .as_ref()
            .map_or_else(String::new, ToString::to_string)
    }
}

fn builder(endpoint: &str) -> IntrospectionBuilder<Claims> {
    Introspection::builder(
        endpoint,
        ClientAuth::basic("orders", Secret::new("hunter2".to_owned())),
        Audience::new(AUDIENCE),
        Revocation::None,
    )
}

impl Service {
    /// With the settings that there are without any, and an endpoint that calls every token active.
    fn new() -> Self {
        Self::with(|builder| builder)
    }

    fn with(
        change: impl FnOnce(IntrospectionBuilder<Claims>) -> IntrospectionBuilder<Claims>,
    ) -> Self {
        let endpoint = Introspector::default();
        let builder = builder(ENDPOINT).with_client(endpoint.clone());
        Self::of(endpoint, change(builder))
    }

    fn of(endpoint: Introspector, builder: IntrospectionBuilder<Claims>) -> Self {
        let (clock, hand) = Clock::manual(NOW);
        let tokens = builder.build().unwrap();
        let app = App {
            tokens: tokens.clone(),
            settings: Settings::new().with_clock(clock),
        };
        let router = Router::new()
            .route("/plain", get(plain))
            .route("/scoped", get(scoped))
            .route("/clerks", get(clerks))
            .route("/strong", get(strong))
            .route("/recent", get(recent))
            .route("/issuer", get(issuer))
            .with_state(Arc::new(app));
        Self {
            router,
            tokens,
            endpoint,
            hand,
        }
    }

    async fn get(&self, path: &str, token: &str) -> Told {
        let request = Request::get(path)
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        told(self.router.clone().oneshot(request).await.unwrap()).await
    }

    /// The status of the plain handler.
    async fn status(&self, token: &str) -> u16 {
        self.get("/plain", token).await.status
    }

    fn health(&self) -> IntrospectionHealth {
        self.tokens.health()
    }
}

async fn told(answer: Response<Body>) -> Told {
    let (head, body) = answer.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let field = |name| {
        let value = head.headers.get(name)?;
        Some(value.to_str().unwrap().to_owned())
    };
    Told {
        status: head.status.as_u16(),
        challenge: field("www-authenticate").unwrap_or_default(),
        retry_after: field("retry-after"),
        body: String::from_utf8(body.to_vec()).unwrap(),
        cause: head.extensions.get().cloned(),
    }
}
