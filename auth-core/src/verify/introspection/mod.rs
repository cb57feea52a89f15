//! Bearer tokens that only their issuer can read: [`Introspection`] asks it about each (RFC 7662).
//!
//! The endpoint is asked by `POST`, authenticated as a client ([`ClientAuth`]). A token is admitted only if all of this
//! holds, checked in this order; the first failure decides:
//!
//! 1. It is no longer than the limit, and no JWT, unless those are [asked about too](IntrospectionBuilder::also_jwts).
//! 2. The endpoint answers, within the deadline, with 200 and one JSON object.
//! 3. The object, without doubled names, says `"active": true`, which is the JSON literal.
//! 4. All members that have a meaning here have their exact types; there is no `cnf`, which would bind the token to a proof
//!    that a plain bearer does not give (RFC 8705 §3.2, RFC 9449 §6.2).
//! 5. `token_type` is `Bearer`, and no other member says that it is a refresh token.
//! 6. What the [`Profile`] asks for is there: `aud` and `token_type`, unless another was chosen. `iss` is the issuer, if one
//!    was given; `aud` contains the audience; `nbf` has come.
//! 7. The object can be read as the application's own `Claims`.
//! 8. `exp` has not come.
//! 9. The token was not [revoked](crate::Revocation). Where it could be, its issuer is known: by
//!    [`with_issuer`](IntrospectionBuilder::with_issuer), or by the `iss` of the answer. Opaque tokens often have no `jti` by which they could be: a
//!    `store::Revocations` (feature `revocation-store`) takes those without for revoked, unless it was built with
//!    `admitting_tokens_without_jti`.
//!
//! What fails under 2 is no judgement of the token: the answer is 503, or 500 if the endpoint turned us away (with 401, 403,
//! or `invalid_client`), which only our configuration can mend. It is never 401, never a pass, and never remembered. After some
//! failures in a row no calls are made for a while ([`BreakerLimits`]), until a probe about a random token is answered. What
//! may be due to one token, any answer with a failure, counts only while no call is answered well, and one in the 400s
//! never does, so that odd tokens cut nobody off.
//!
//! What the endpoint has said is remembered for a short while ([active](IntrospectionBuilder::with_active_time),
//! [not active](IntrospectionBuilder::with_inactive_time)), by a keyed hash of the token. Requests with the same token share
//! one call; whoever stops waiting stops nobody else.
//!
//! Signed answers (RFC 9701) are neither asked for nor read: TLS tells who answers.
//!
//! # Security
//! Every unknown token costs a call, whoever sends it. Bound them before they get here
//! (a rate limit per peer), since [`with_most_calls`](IntrospectionBuilder::with_most_calls) is for all callers together.
//!
//! Sources: RFC 7662, RFC 6749 §2.3, RFC 6750, RFC 7523, RFC 8705, RFC 9449, RFC 9470.

mod answer;
mod breaker;
mod builder;
mod calls;
mod client_auth;
mod endpoint;
mod error;
mod health;
mod limits;
mod log;
mod signing_key;

pub use builder::{IntrospectionBuilder, Profile};
pub use client_auth::ClientAuth;
pub use error::IntrospectionError;
pub use health::IntrospectionHealth;
pub use limits::{BreakerLimits, BreakerState};
pub use signing_key::SigningKey;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::de::DeserializeOwned;

use self::answer::{Admitted, Demands};
use self::builder::{MAX_ACTIVE_TIME, MAX_INACTIVE_TIME, MAX_LEEWAY};
use self::calls::Calls;
use self::endpoint::{Endpoint, Failure};
use super::token_cache::{Digest, Secret, TokenCache};
use super::{Revocation, Verified, Verifier};
use crate::clock::Clock;
use crate::jwt::Audience;
use crate::jwt::typed::seconds;
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{Bearer, BearerToken};

/// Checks bearer tokens by asking their issuer about them (RFC 7662): opaque ones, and JWTs
/// [if you choose so](IntrospectionBuilder::also_jwts).
///
/// `Claims` is a type of yours: the answer about an admitted token is read into it. The [`Grants`](crate::Grants) come from
/// the answer too: scopes from `scope` (or `scp`), roles from `roles` ([or elsewhere](IntrospectionBuilder::with_roles_claim)),
/// the rest from `exp`, `acr` and `auth_time`.
///
/// ```no_run
/// use auth_core::introspection::{ClientAuth, Introspection, IntrospectionError};
/// use auth_core::jwt::Audience;
/// use auth_core::{Revocation, Secret};
///
/// #[derive(Clone, serde::Deserialize)]
/// struct Claims {
///     sub: String,
///     username: Option<String>,
/// }
///
/// # fn tokens(secret: String) -> Result<Introspection<Claims>, IntrospectionError> {
/// let tokens: Introspection<Claims> = Introspection::builder(
///     "https://login.example.com/oauth2/introspect",
///     ClientAuth::basic("orders", Secret::new(secret)),
///     Audience::new("https://orders.example.com"),
///     Revocation::None, // tokens are taken back at the provider
/// )
/// .build()?;
/// # Ok(tokens) }
/// ```
///
/// It is cheap to clone; clones share the cache and the calls. It runs on tokio.
///
/// # Beside JWTs
/// A service with both kinds names both verifiers. JWTs are asked about nowhere, so that of one that its verifier
/// refuses there is no second verdict:
///
/// ```
/// use auth_core::introspection::Introspection;
/// use auth_core::{AuthState, Authenticated, Bearer, JwtVerifier, requires_auth};
///
/// #[derive(Clone, serde::Deserialize)]
/// struct Claims {
///     sub: String,
/// }
///
/// enum Jwt {}
/// enum Opaque {}
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Bearer, tag = Jwt)]
///     jwts: JwtVerifier<Claims>,
///     #[auth(Bearer, tag = Opaque)]
///     opaque: Introspection<Claims>,
/// }
///
/// #[requires_auth(realm = "API", any(Bearer(verifier = Jwt), Bearer(verifier = Opaque)))]
/// async fn orders(user: Authenticated<Claims>) -> String {
///     format!("the orders of {}", user.sub)
/// }
/// ```
///
/// The answer is that of the verifier that tells more: 503 of one that cannot answer, then "expired" or "revoked", then that
/// of the first.
pub struct Introspection<Claims>(Arc<Inner<Claims>>);

struct Inner<Claims> {
    endpoint: Endpoint,
    demands: Demands,
    revocation: Revocation,
    clock: Option<Clock>,
    calls: Arc<Calls<Known<Claims>>>,
    secret: Secret,
    cache: Option<TokenCache<Known<Claims>>>,
    active_time: Duration,
    inactive_time: Duration,
    max_token_len: usize,
    also_jwts: bool,
}

/// What is known of a token.
struct Known<Claims> {
    verdict: Result<Arc<Admitted<Claims>>, Cause>,
    /// Until when it is believed, by [`Clock::elapsed`].
    until: Duration,
}

impl<Claims> Clone for Known<Claims> {
    fn clone(&self) -> Self {
        Self {
            verdict: self.verdict.clone(),
            until: self.until,
        }
    }
}

impl<Claims> Known<Claims> {
    /// A leeway does not count: a positive answer is not kept beyond its `exp` (RFC 7662 §4).
    fn is_fresh(&self, clock: &Clock) -> bool {
        let ended =
            |admitted: &Arc<Admitted<Claims>>| seconds(clock.unix_seconds()) >= admitted.expires;
        clock.elapsed() < self.until && !self.verdict.as_ref().is_ok_and(ended)
    }
}

impl<Claims> Introspection<Claims> {
    /// Begins a verifier that asks `endpoint`, an `https` URL, in the name of a client; for one audience: the identifier of
    /// this service that answers carry in `aud`. `revocation` is asked on top of the endpoint, for every request.
    pub fn builder(
        endpoint: impl Into<String>,
        auth: ClientAuth,
        audience: Audience,
        revocation: Revocation,
    ) -> IntrospectionBuilder<Claims> {
        IntrospectionBuilder::new(endpoint.into(), auth, audience, revocation)
    }

    /// How it is doing: whether calls are made, how many failed and why, what the cache has done.
    ///
    /// ```
    /// use auth_core::Introspection;
    /// use auth_core::introspection::BreakerState;
    ///
    /// fn worries<Claims>(tokens: &Introspection<Claims>) -> bool {
    ///     let health = tokens.health();
    ///     println!("{health}"); // introspection: calls are made; 812 calls, 0 failed, …
    ///     health.breaker != BreakerState::Closed
    /// }
    /// ```
    ///
    /// For people and alarms, not for a probe that takes an instance out of service: what is held back is tried again by
    /// the next request, and an instance that gets none would stay out.
    pub fn health(&self) -> IntrospectionHealth {
        IntrospectionHealth::new(
            self.0.calls.breaker(),
            self.0.calls.counts(),
            self.0.cache.as_ref().map(TokenCache::stats),
        )
    }
}

impl<Claims: DeserializeOwned + Send + Sync + 'static> Inner<Claims> {
    /// The list at the top of this module.
    async fn check(
        self: &Arc<Self>,
        token: &str,
        clock: &Clock,
    ) -> Result<Verified<Claims>, Cause> {
        if token.len() > self.max_token_len {
            return Err(Cause::invalid_token("too long to ask about"));
        }
        if !self.also_jwts && looks_like_jwt(token) {
            return Err(Cause::invalid_token(
                "malformed: a JWT, which is asked about only with `also_jwts`",
            ));
        }
        let digest = Digest::of(token, &self.secret);
        let known = match self.remembered(digest, clock) {
            Some(known) => known,
            None => self.found_out(token, digest, clock).await?,
        };
        let admitted = known.verdict?;
        if let Some(facts) = &admitted.facts {
            self.revocation.check(facts).await?;
        }
        Ok(Verified::shared(Arc::clone(&admitted.claims))
            .with_grants(admitted.grants.clone())
            .time_checked())
    }

    fn remembered(&self, digest: Digest, clock: &Clock) -> Option<Known<Claims>> {
        self.cache
            .as_ref()?
            .get(digest, |known| known.is_fresh(clock))
    }

    async fn found_out(
        self: &Arc<Self>,
        token: &str,
        digest: Digest,
        clock: &Clock,
    ) -> Result<Known<Claims>, Cause> {
        let fresh = |known: &Known<Claims>| known.is_fresh(clock);
        let known = || self.cache.as_ref()?.peek(digest, fresh);
        let work = || {
            let (inner, clock) = (Arc::clone(self), clock.clone());
            let token = crate::secret::Secret::new(token.to_owned());
            async move { inner.ask(token.expose(), digest, &clock).await }
        };
        let probe = || {
            let (inner, clock) = (Arc::clone(self), clock.clone());
            async move { inner.endpoint.probe(clock.unix_seconds()).await }
        };
        self.calls
            .answer(digest, clock, known, work, probe)
            .await
            .map_err(|failure| failure.cause())
    }

    /// Asks, judges and remembers. Failures are not remembered.
    async fn ask(
        &self,
        token: &str,
        digest: Digest,
        clock: &Clock,
    ) -> Result<Known<Claims>, Failure> {
        // From before the call: what it says may be as old as that.
        let asked = clock.elapsed();
        let answer = self.endpoint.ask(token, clock.unix_seconds()).await?;
        let verdict = answer::judge(&answer, &self.demands, clock.unix_seconds());
        let time = match verdict {
            Ok(_) => self.active_time,
            Err(_) => self.inactive_time,
        };
        let known = Known {
            verdict: verdict.map(Arc::new),
            until: asked.saturating_add(time),
        };
        if let Some(cache) = &self.cache {
            cache.insert(digest, answer.len(), known.clone());
        }
        Ok(known)
    }
}

/// Three or five segments (RFC 7515 §7.1, RFC 7516 §7.1), the first of which is the base64url of what begins as a JSON
/// object.
fn looks_like_jwt(token: &str) -> bool {
    let segments = token.split('.').count();
    let first = token.split('.').next().unwrap_or_default();
    let header = URL_SAFE_NO_PAD.decode(first).unwrap_or_default();
    matches!(segments, 3 | 5) && header.trim_ascii_start().starts_with(b"{")
}

impl<Claims> Verifier for Introspection<Claims>
where
    Claims: DeserializeOwned + Clone + Send + Sync + 'static,
{
    type Scheme = Bearer;
    type Identity = Claims;

    async fn verify<'r>(
        &'r self,
        token: BearerToken<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<Claims>, Cause> {
        let clock = self.0.clock.as_ref().unwrap_or_else(|| request.clock());
        self.0.check(token.expose(), clock).await
    }
}

impl<Claims> Clone for Introspection<Claims> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

/// Prints the settings, never a secret or a token.
impl<Claims> fmt::Debug for Introspection<Claims> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Introspection")
            .field("endpoint", &self.0.endpoint)
            .field("demands", &self.0.demands)
            .field("revocation", &self.0.revocation)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::looks_like_jwt;

    #[test]
    fn what_counts_as_a_jwt() {
        for jwt in [
            "eyJhbGciOiJIUzI1NiJ9.e30.c2ln",
            "eyJhbGciOiJub25lIn0.e30.",
            "eyJhbGciOiJSU0EtT0FFUCJ9.a.b.c.d",
            "IHsiYWxnIjoiIn0.e30.", // ` {"alg":""}`
            "e30.x.y",
        ] {
            assert!(looks_like_jwt(jwt), "{jwt}");
        }
        for opaque in [
            "2YotnFZFEjr1zCsicMWpAA",
            "eyJhbGciOiJIUzI1NiJ9",
            "eyJhbGciOiJIUzI1NiJ9.e30",
            "eyJhbGciOiJIUzI1NiJ9.e30.a.b",
            "abc.def.ghi",
            "..",
            "",
        ] {
            assert!(!looks_like_jwt(opaque), "{opaque}");
        }
    }
}
