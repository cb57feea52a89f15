//! A service with the library in front, called over TCP.

use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use auth_core::axum::{GuardedRouter, get, post};
use auth_core::introspection::{ClientAuth, Introspection};
use auth_core::jwt::{Audience, Issuer, JwtVerifier, RemoteKeys};
use auth_core::outbound::PlainHttp;
use auth_core::{
    AuthState, Authenticated, Clock, ClockHand, ProtectedResource, Revocation, Secret, Settings,
    auth_policy, requires_auth,
};
use tokio::net::TcpListener;

use crate::answer::Answer;
use crate::provider::{AUDIENCE, Provider};

/// In seconds, by the clock of the service. The provider names none.
pub const CACHE_TIME: u64 = 120;
pub const MAX_STALE: u64 = 240;
pub const COOLDOWN: u64 = 30;
pub const ACTIVE_TIME: u64 = 30;

#[derive(Clone, serde::Deserialize)]
pub struct Claims {
    sub: String,
}

pub struct Opaque;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
    #[auth(Bearer, tag = Opaque)]
    opaque: Introspection<Claims>,
    #[auth(settings)]
    settings: Settings,
}

/// A JWT of the provider, or one of its opaque tokens.
#[auth_policy(realm = "Orders", any(Bearer, Bearer(verifier = Opaque)), scope = "orders:read")]
pub struct Api;

#[requires_auth(Api)]
async fn orders(user: Authenticated<Claims>) -> String {
    format!("the orders of {}", user.sub)
}

#[requires_auth(Api, acr = "urn:example:mfa", max_age = 300)]
async fn refunds(user: Authenticated<Claims>) -> String {
    format!("a refund for {}", user.sub)
}

/// What tests choose.
pub struct Plan {
    pub issuer: Issuer,
    /// The audience; unless given, the address of the service.
    pub audience: Option<&'static str>,
    /// Who the service is at the provider.
    pub client: ClientAuth,
    /// For requests to the provider.
    pub deadline: Duration,
    /// Whether to start only with keys.
    pub waits: bool,
    pub revocation: Revocation,
    pub clock: Clock,
    pub hand: ClockHand,
}

impl Plan {
    /// What suits most. The clock stands still, at the time of the provider.
    #[must_use]
    pub fn of(provider: &Provider) -> Self {
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap();
        let (clock, hand) = Clock::manual(now.as_secs());
        Self {
            issuer: Issuer::new(provider.issuer()),
            audience: Some(AUDIENCE),
            client: ClientAuth::basic("orders-api", Secret::new("orders-api-secret".to_owned())),
            deadline: Duration::from_secs(10),
            waits: true,
            revocation: Revocation::None,
            clock,
            hand,
        }
    }
}

/// It serves until it is dropped.
pub struct Service {
    pub keys: RemoteKeys,
    pub opaque: Introspection<Claims>,
    pub origin: String,
    hand: ClockHand,
    http: reqwest::Client,
    server: tokio::task::JoinHandle<()>,
}

impl Service {
    pub async fn of(provider: &Provider) -> Self {
        Self::start(Plan::of(provider)).await
    }

    pub async fn start(plan: Plan) -> Self {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let origin = format!("http://{}", listener.local_addr().unwrap());
        let audience = Audience::new(plan.audience.unwrap_or(&origin));
        let seconds = Duration::from_secs;
        let keys = RemoteKeys::discover(plan.issuer.clone())
            .with_plain_http(PlainHttp::OnLoopback)
            .with_deadline(plan.deadline)
            .with_default_cache_time(seconds(CACHE_TIME))
            .with_max_stale(seconds(MAX_STALE))
            .with_cooldown(seconds(COOLDOWN))
            .with_clock(plan.clock.clone());
        let keys = if plan.waits {
            keys.start().await.unwrap()
        } else {
            keys.start_without_keys().unwrap()
        };
        let endpoint = format!("{}/token/introspection", plan.issuer.as_str());
        let opaque = Introspection::builder(
            endpoint,
            plan.client,
            audience.clone(),
            plan.revocation.clone(),
        )
        .with_issuer(plan.issuer.clone())
        .with_plain_http(PlainHttp::OnLoopback)
        .with_deadline(plan.deadline)
        .with_active_time(seconds(ACTIVE_TIME))
        .build()
        .unwrap();
        let resource = ProtectedResource::new(&origin, plan.issuer.as_str()).unwrap();
        let settings = Settings::new()
            .with_clock(plan.clock)
            .with_protected_resource(resource);
        let app = App {
            tokens: JwtVerifier::with_remote_keys(keys.clone(), audience, plan.revocation).unwrap(),
            opaque: opaque.clone(),
            settings,
        };
        Self {
            keys,
            opaque,
            origin,
            hand: plan.hand,
            // Several deadlines long: a service that does not answer fails its test.
            http: reqwest::Client::builder()
                .timeout(seconds(60))
                .build()
                .unwrap(),
            server: tokio::spawn(serve(listener, app)),
        }
    }

    pub async fn orders(&self, token: &str) -> Answer {
        Answer::to(self.request(token)).await
    }

    /// For orders; not sent yet.
    pub fn request(&self, token: &str) -> reqwest::RequestBuilder {
        let url = format!("{}/orders", self.origin);
        self.http.get(url).bearer_auth(token)
    }

    pub async fn refund(&self, token: &str) -> Answer {
        let url = format!("{}/refunds", self.origin);
        Answer::to(self.http.post(url).bearer_auth(token)).await
    }

    /// Turns the clock.
    pub fn after(&self, seconds: u64) {
        self.hand.advance(Duration::from_secs(seconds));
    }

    /// Turns the clock until the token is admitted, as far as `Retry-After` says each time.
    pub async fn recovers(&self, token: &str) {
        crate::until("the service recovers", async || {
            let answer = self.orders(token).await;
            if answer.status == 200 {
                return true;
            }
            self.after(answer.is_not_judged());
            false
        })
        .await;
    }

    /// Waits until no keys are being fetched, and the last `failures` attempts have failed.
    pub async fn has_failed(&self, failures: u32) {
        crate::until("the keys were asked for", async || {
            let health = self.keys.health();
            health.failures == failures && !health.fetching
        })
        .await;
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        self.server.abort();
    }
}

async fn serve(listener: TcpListener, app: App) {
    let router = GuardedRouter::new()
        .route("/orders", get(orders))
        .route("/refunds", post(refunds))
        .protected_resource(app.settings())
        .with_state(Arc::new(app));
    axum::serve(listener, router.into_router()).await.unwrap();
}
