//! Keys that an issuer publishes and changes: [`RemoteKeys`].

mod builder;
mod discovery;
mod error;
mod fetch;
mod freshness;
mod health;
mod log;
mod set;
mod shared;
mod state;

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

pub use builder::RemoteKeysBuilder;
pub use error::{AnswerError, KeysError};
pub use health::KeysHealth;

use self::shared::{Shared, Wish};
use self::state::State;
use super::compact::Unsigned;
use super::keys::KeySet;
use super::{Issuer, Key};
use crate::refusal::Cause;

/// The public keys of an issuer, fetched from where it publishes them and kept fresh. A handle: clones share the same
/// keys.
///
/// ```no_run
/// use auth_core::Revocation;
/// use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, RemoteKeys};
/// use core::time::Duration;
///
/// # #[derive(Clone, serde::Deserialize)] struct Claims { sub: String }
/// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
/// let keys = RemoteKeys::discover(Issuer::new("https://login.example.com/"))
///     .with_algorithms([Algorithm::ES256, Algorithm::RS256])
///     .with_max_stale(Duration::from_mins(30))
///     .start()
///     .await?;
/// let audience = Audience::new("https://orders.example.com");
/// let tokens = JwtVerifier::<Claims>::with_remote_keys(keys.clone(), audience, Revocation::None)?;
/// // Later, for those who watch over it:
/// println!("{:?}", keys.health());
/// # let _ = tokens;
/// # Ok(())
/// # }
/// ```
///
/// # What happens when
///
/// - **Nothing special**: the keys are used for as long as the issuer's `Cache-Control` says, [within
///   bounds](RemoteKeysBuilder::with_cache_times), and refreshed when four fifths of that time have passed (earlier by
///   up to a tenth, at random), with `ETag` (of up to 256 octets) and `If-None-Match`. No request waits for it.
/// - **The issuer adds a key**: the first token that names it (`kid`) makes the keys be fetched at once, if it claims
///   to be from this issuer and of an acceptable `typ` and `alg`. All requests that need the new key wait for that one
///   fetch; others do not. Then no token causes another for the [cooldown](RemoteKeysBuilder::with_cooldown): a key id
///   that is not there is 401, or 503 if the last fetch failed, since the token could not be judged.
/// - **Keys or tokens have no `kid`**: a token whose signature holds with none of the keys that it may mean, and whose very
///   `kid` none of them has, makes the keys be fetched likewise. If that brings nothing, its signature is wrong: 401. A
///   wrong signature under the `kid` of a key causes no fetch.
/// - **The issuer withdraws a key**: it stops working with the next refresh, so after the cache time at the latest.
/// - **The issuer fails**: attempts are repeated after 1 s, 2 s, 4 s … 60 s (up to a quarter more, at random), whatever
///   tokens come meanwhile. The last good keys go on counting, for at most
///   [`with_max_stale`](RemoteKeysBuilder::with_max_stale) beyond their cache time, and are asked for without
///   `If-None-Match`. From then on tokens are refused with 503 and `Retry-After`, until an attempt succeeds.
/// - **The issuer withdraws all keys**: a set that can be read, and has no key or none that can be used, is believed. The
///   last keys stop counting at once, without any patience; tokens are refused with 503, and attempts are repeated as
///   after a failure, until there are keys again.
/// - **A key is odd**: of an unknown kind or curve, weak, private, not for signatures, for an algorithm that is not
///   listed, for RSA and of more than 4096 bits or with an exponent of 2¹⁷ or more, not even readable: it is passed over,
///   and the others count.
/// - **There are many keys**: those with the `kid` of a token are tried first, then those without any, or all of its
///   algorithm if it has none; 8 in all, in the order of the set. So names are needed where an algorithm has more.
///
/// A key without `alg` serves one algorithm nevertheless: that of its curve, or the first for RSA on the
/// [list](RemoteKeysBuilder::with_algorithms).
///
/// # Security
/// Only the addresses that you give are asked, and the `jwks_uri` that the metadata names: `https`, or plain `http` on
/// this machine where that was [chosen](RemoteKeysBuilder::with_plain_http). Redirects are not followed. Nothing of a
/// token ever goes into a request.
#[derive(Clone)]
pub struct RemoteKeys(Arc<Shared>);

impl RemoteKeys {
    /// Keys of an issuer that says in its metadata where they are (RFC 8414, `OpenID` Connect Discovery).
    ///
    /// For `https://login.example.com/a` these places are asked, until one has the metadata of this very issuer, octet
    /// by octet:
    ///
    /// 1. `https://login.example.com/.well-known/oauth-authorization-server/a` (RFC 8414 §3.1)
    /// 2. `https://login.example.com/a/.well-known/openid-configuration` (`OpenID` Connect Discovery §4)
    /// 3. `https://login.example.com/.well-known/openid-configuration/a` (RFC 8414 §5)
    pub fn discover(issuer: Issuer) -> RemoteKeysBuilder {
        RemoteKeysBuilder::new(issuer, None)
    }

    /// Keys of an issuer at this address: a JWK Set (RFC 7517 §5).
    pub fn at(issuer: Issuer, address: impl Into<String>) -> RemoteKeysBuilder {
        RemoteKeysBuilder::new(issuer, Some(address.into()))
    }

    /// Whose keys they are.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.0.source.issuer
    }

    /// How they are doing.
    #[must_use]
    pub fn health(&self) -> KeysHealth {
        KeysHealth::of(&self.0)
    }

    /// Whether this very key counts now.
    pub(super) fn has(&self, key: &Arc<Key>) -> bool {
        let now = self.0.clock.elapsed();
        let state = self.0.state(now);
        let usable = state.usable(now, self.0.max_stale);
        usable.is_some_and(|set| set.has(key))
    }

    /// The keys that count now, for one token.
    pub(super) fn look(&self) -> Look<'_> {
        let now = self.0.clock.elapsed();
        Look {
            keys: &self.0,
            state: Arc::clone(&self.0.state(now)),
            now,
            waits: 0,
        }
    }
}

/// The keys that counted when a token was looked at.
pub(super) struct Look<'k> {
    keys: &'k Arc<Shared>,
    state: Arc<State>,
    now: Duration,
    waits: u8,
}

/// One fetch that was under way already, and may have been answered before the token was issued, and one after it.
const MAX_WAITS: u8 = 2;

impl Look<'_> {
    /// None, where none count.
    pub(super) fn set(&self) -> &KeySet {
        let usable = self.state.usable(self.now, self.keys.max_stale);
        usable.map_or(&self.keys.source.none, AsRef::as_ref)
    }

    /// Looks again, after waiting for newer keys.
    ///
    /// # Errors
    /// If there are none to wait for: the token is refused, or cannot be judged.
    pub(super) async fn again(&mut self) -> Result<(), Cause> {
        if self.waits == MAX_WAITS {
            return Err(self.refusal());
        }
        self.waits += 1;
        let landed = match self.keys.wish(&self.state, self.now) {
            Wish::Newer => true,
            Wish::Fetching(flight) => flight.landed().await.is_some(),
            Wish::NotNow => return Err(self.refusal()),
        };
        self.now = self.keys.clock.elapsed();
        let seen = core::mem::replace(&mut self.state, Arc::clone(&self.keys.state(self.now)));
        // Not even a failure was recorded: the runtime that was to fetch is gone.
        if !landed && Arc::ptr_eq(&seen, &self.state) {
            return Err(self.unavailable(KeysError::Stopped));
        }
        Ok(())
    }

    /// A token whose key is not there is wrong, if it is known what is there.
    fn refusal(&self) -> Cause {
        if let Some(error) = self.state.failure() {
            return self.unavailable(error);
        }
        if self.state.usable(self.now, self.keys.max_stale).is_none() {
            return self.unavailable("they are too old");
        }
        Unsigned::UnknownKey.into()
    }

    /// To be tried again with the next attempt.
    fn unavailable(&self, why: impl fmt::Display) -> Cause {
        let pause = self.state.next().saturating_sub(self.now);
        Cause::unavailable(
            pause.max(Duration::from_secs(1)),
            format!("no keys of the issuer: {why}"),
        )
    }
}

/// Prints the issuer and how many keys there are, never a key.
impl fmt::Debug for RemoteKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let health = self.health();
        f.debug_struct("RemoteKeys")
            .field("issuer", &self.issuer().as_str())
            .field("algorithms", &self.0.source.algorithms)
            .field("keys", &health.keys)
            .field("usable", &health.usable)
            .finish_non_exhaustive()
    }
}
