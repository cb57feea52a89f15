//! Keys that are fetched from a provider: discovery, rotation, failures, and many requests at once. The provider is a
//! real server on loopback; the clock is turned by hand.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    reason = "tests"
)]

mod concurrency;
mod discovery;
mod failures;
mod issuers;
mod logging;
mod nameless;
mod odd_keys;
mod recorder;
mod rotation;
mod withdrawn;

use std::sync::Arc;
use std::time::Duration;

use auth_core::jwt::{Audience, Issuer, JwtVerifier, RemoteKeys, RemoteKeysBuilder};
use auth_core::outbound::PlainHttp;
use auth_core::{
    AuthState, Authenticated, Cause, Clock, ClockHand, Refusal, RequestView, Revocation, Settings,
    auth_policy,
};
use auth_tests::provider::Provider;
use auth_tests::tokens::{AUDIENCE, NOW};
use auth_tests::until;
use http::Request;

#[derive(Clone, serde::Deserialize)]
pub struct Claims {
    pub sub: String,
}

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
    #[auth(settings)]
    settings: Settings,
}

#[auth_policy(scheme = "Bearer", realm = "API", scope = "orders:read")]
pub struct Api;

/// A service with the keys of a provider.
#[derive(Clone)]
pub struct Service {
    pub keys: RemoteKeys,
    pub app: Arc<App>,
    pub hand: ClockHand,
}

/// Keys of this provider, in the making: found by discovery, over plain HTTP, with a clock that stands still.
pub fn of(provider: &Provider) -> (RemoteKeysBuilder, ClockHand) {
    let (clock, hand) = Clock::manual(NOW);
    let keys = RemoteKeys::discover(Issuer::new(provider.issuer()));
    let keys = keys.with_plain_http(PlainHttp::OnLoopback);
    (keys.with_clock(clock), hand)
}

impl Service {
    /// A service that has waited for its keys.
    pub async fn of(provider: &Provider) -> Self {
        Self::with(provider, |keys| keys).await
    }

    pub async fn with(
        provider: &Provider,
        set: impl FnOnce(RemoteKeysBuilder) -> RemoteKeysBuilder,
    ) -> Self {
        let (keys, hand) = of(provider);
        Self::over(set(keys).start().await.unwrap(), hand)
    }

    /// Tokens go by a clock that stands still.
    pub fn over(keys: RemoteKeys, hand: ClockHand) -> Self {
        let audience = Audience::new(AUDIENCE);
        let tokens = JwtVerifier::with_remote_keys(keys.clone(), audience, Revocation::None);
        let settings = Settings::new().with_clock(Clock::manual(NOW).0);
        let app = Arc::new(App {
            tokens: tokens.unwrap(),
            settings,
        });
        Self { keys, app, hand }
    }

    /// Who is admitted, or why nobody.
    pub async fn ask(&self, token: &str) -> Result<String, Refusal> {
        let request = Request::builder()
            .header("authorization", format!("Bearer {token}"))
            .body(())
            .unwrap();
        let view = RequestView::of(&request);
        auth_core::http::check::<Api, Authenticated<Claims>, _>(&*self.app, view)
            .await
            .map(|claims| claims.sub.clone())
    }

    pub async fn admits(&self, token: &str) -> bool {
        self.ask(token).await.is_ok()
    }

    /// Refused with 401 since no key fits: with this very challenge and body.
    pub async fn knows_no_key_for(&self, token: &str) {
        let refusal = self.ask(token).await.unwrap_err();
        assert_eq!(refusal.cause(), &Cause::invalid_token("unknown key"));
        assert_eq!(refusal.status(), 401);
        let challenges: Vec<_> = refusal.challenges().collect();
        let expected = r#"Bearer realm="API", scope="orders:read", error="invalid_token", error_description="Token invalid""#;
        assert_eq!(challenges, [expected]);
        assert_eq!(refusal.error(), "invalid_token");
    }

    /// Not judged: 503 without a challenge. Yields the seconds of `Retry-After`.
    pub async fn cannot_judge(&self, token: &str) -> u64 {
        let refusal = self.ask(token).await.unwrap_err();
        assert_eq!(refusal.status(), 503, "{:?}", refusal.cause());
        assert_eq!(refusal.challenges().count(), 0);
        assert_eq!(refusal.error(), "temporarily_unavailable");
        let answer: http::Response<bytes::Bytes> = refusal.into_response();
        let retry_after = answer.headers()["retry-after"].to_str().unwrap();
        retry_after.parse().unwrap()
    }

    /// Waits until the refreshes that are due have ended, of which there were `failures` in a row.
    pub async fn settled(&self, failures: u32) {
        until(|| {
            let health = self.keys.health();
            health.failures == failures && !health.fetching && health.next_attempt > Duration::ZERO
        })
        .await;
    }

    /// Turns the clock.
    pub fn after(&self, seconds: u64) {
        self.hand.advance(Duration::from_secs(seconds));
    }
}
