//! Settings of [`RemoteKeys`].

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use super::fetch::{From, Source};
use super::freshness::Bounds;
use super::shared::Shared;
use super::{KeysError, RemoteKeys, discovery};
use crate::clock::Clock;
use crate::jwt::{Algorithm, Issuer};
use crate::outbound::{Address, HttpClient, Outbound, PlainHttp};
use crate::verify::jwt::keys::KeySet;

const MINUTE: Duration = Duration::from_mins(1);
/// Whatever is set: a key that is withdrawn works no longer.
const LONGEST: Duration = Duration::from_hours(30 * 24);

/// [`RemoteKeys`] in the making. Every setting has a default that suits most.
///
/// ```
/// use auth_core::jwt::{Algorithm, Issuer, KeysError, RemoteKeys};
///
/// # fn main() {
/// let issuer = Issuer::new("https://login.example.com/");
/// let builder = RemoteKeys::discover(issuer).with_algorithms([Algorithm::HS256]);
/// // What everybody may fetch is no secret.
/// assert_eq!(builder.start_without_keys().unwrap_err(), KeysError::SharedSecret(Algorithm::HS256));
/// # }
/// ```
#[must_use = "call `start` or `start_without_keys`"]
pub struct RemoteKeysBuilder {
    issuer: Issuer,
    /// Where the keys are, unless the metadata says so.
    address: Option<String>,
    plain: PlainHttp,
    algorithms: Vec<Algorithm>,
    client: Option<Arc<dyn HttpClient>>,
    deadline: Duration,
    cooldown: Duration,
    max_stale: Duration,
    cache_times: Bounds,
    max_octets: usize,
    max_keys: usize,
    clock: Clock,
}

impl RemoteKeysBuilder {
    pub(super) fn new(issuer: Issuer, address: Option<String>) -> Self {
        Self {
            issuer,
            address,
            plain: PlainHttp::Refused,
            algorithms: Algorithm::ASYMMETRIC.to_vec(),
            client: None,
            deadline: Duration::from_secs(5),
            cooldown: Duration::from_secs(30),
            max_stale: Duration::from_hours(1),
            cache_times: Bounds {
                shortest: MINUTE,
                longest: Duration::from_hours(24),
                otherwise: 15 * MINUTE,
            },
            max_octets: 512 << 10,
            max_keys: 100,
            clock: Clock::system(),
        }
    }

    /// Whether the issuer may be asked over plain `http`: never, unless set.
    pub fn with_plain_http(mut self, plain: PlainHttp) -> Self {
        self.plain = plain;
        self
    }

    /// The algorithms that are taken from this issuer: all but those with shared secrets unless set, which are never
    /// taken. A key that serves another one is not used; a key for RSA that does not say which one it serves (`alg`)
    /// serves the first for RSA on this list, RS256 unless set.
    pub fn with_algorithms(mut self, algorithms: impl IntoIterator<Item = Algorithm>) -> Self {
        self.algorithms = algorithms.into_iter().collect();
        self
    }

    /// Sends the requests with a client of yours: for certificates, proxies or networks that the built-in one does not
    /// know.
    pub fn with_client(mut self, client: impl HttpClient) -> Self {
        self.client = Some(Arc::new(client));
        self
    }

    /// How long an attempt may take, metadata and keys together: 5 seconds unless set. Requests that need the
    /// keys wait no longer than for two attempts.
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// For how long, after a token with an unknown `kid`, or a wrong signature and no `kid` that is known, has made the
    /// keys be fetched, no other token does so: 30 seconds unless set, at least 1. So a flood of forged tokens costs the
    /// issuer two requests a minute from each instance, and if somebody keeps one up, a new key is seen half a minute
    /// late.
    pub fn with_cooldown(mut self, cooldown: Duration) -> Self {
        self.cooldown = cooldown.max(Duration::from_secs(1));
        self
    }

    /// For how long the last good keys go on counting beyond their cache time while the issuer fails: 1 hour unless
    /// set. Zero means not at all. A set that can be read and has no usable key ends them at once, whatever is set here.
    ///
    /// # Security
    /// A key that the issuer has withdrawn works for so much longer if somebody keeps the issuer from being heard.
    pub fn with_max_stale(mut self, max_stale: Duration) -> Self {
        self.max_stale = max_stale;
        self
    }

    /// The shortest and the longest time that keys may be used without asking again, whatever the issuer's
    /// `Cache-Control` says: 1 minute and 24 hours unless set. A withdrawn key works for the longest time at most. Metadata
    /// is used for the longest time, and asked again after every failure. The shortest is at least 1 second, and a longest
    /// of more than 30 days is taken for 30 days.
    pub fn with_cache_times(mut self, shortest: Duration, longest: Duration) -> Self {
        self.cache_times.shortest = shortest.max(Duration::from_secs(1));
        self.cache_times.longest = longest.min(LONGEST);
        self
    }

    /// The same, where the issuer does not say: 15 minutes unless set. `Expires` is not read.
    pub fn with_default_cache_time(mut self, time: Duration) -> Self {
        self.cache_times.otherwise = time;
        self
    }

    /// The most octets of the metadata, and of the keys: 512 KiB unless set. What is longer is not read.
    pub fn with_max_octets(mut self, octets: usize) -> Self {
        self.max_octets = octets;
        self
    }

    /// The most keys: 100 unless set, at least 1. Of more usable ones the first count. However many there are, one token
    /// is tried with 8 of them at most.
    pub fn with_max_keys(mut self, keys: usize) -> Self {
        self.max_keys = keys.max(1);
        self
    }

    /// The clock by which keys grow old: the system's unless set.
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = clock;
        self
    }

    /// Fetches the keys, once, and waits for them: for services that shall not start without.
    ///
    /// # Errors
    /// If a setting does not work, or the keys cannot be had.
    pub async fn start(self) -> Result<RemoteKeys, KeysError> {
        let keys = self.shared()?;
        if let Some(flight) = keys.scheduled(keys.clock.elapsed()) {
            flight.landed().await;
        }
        let state = keys.peek();
        if state.last().is_none_or(|set| set.is_empty()) {
            return Err(state.failure().cloned().unwrap_or(KeysError::Stopped));
        }
        drop(state);
        keys.keep_fresh();
        Ok(RemoteKeys(keys))
    }

    /// Begins to fetch the keys, and does not wait. Requests that come before the first attempt has ended wait for it;
    /// as long as there are no keys, tokens are refused with 503.
    ///
    /// # Errors
    /// If a setting does not work. That the keys cannot be had shows in the [health](RemoteKeys::health) and in the
    /// log.
    pub fn start_without_keys(self) -> Result<RemoteKeys, KeysError> {
        let keys = self.shared()?;
        drop(keys.scheduled(keys.clock.elapsed()));
        keys.keep_fresh();
        Ok(RemoteKeys(keys))
    }

    fn shared(self) -> Result<Arc<Shared>, KeysError> {
        if self.issuer.as_str().trim().is_empty() {
            return Err(KeysError::EmptyIssuer);
        }
        if self.algorithms.is_empty() {
            return Err(KeysError::NoAlgorithms);
        }
        let secret = |algorithm: &&Algorithm| algorithm.takes_secret();
        if let Some(algorithm) = self.algorithms.iter().find(secret) {
            return Err(KeysError::SharedSecret(*algorithm));
        }
        if self.cache_times.shortest > self.cache_times.longest {
            return Err(KeysError::CacheTimes);
        }
        let from = match &self.address {
            Some(address) => {
                From::Address(Address::new(address, self.plain).map_err(KeysError::KeysAddress)?)
            }
            None => From::Metadata(discovery::places(&self.issuer, self.plain)?),
        };
        let source = Source {
            from,
            outbound: self.outbound()?,
            issuer: self.issuer,
            plain: self.plain,
            none: KeySet::fetched(self.algorithms.as_slice(), []),
            algorithms: self.algorithms.into(),
            cache_times: self.cache_times,
            max_keys: self.max_keys,
        };
        Shared::new(source, self.clock, self.max_stale, self.cooldown)
    }

    fn outbound(&self) -> Result<Outbound, KeysError> {
        match &self.client {
            Some(client) => Ok(Outbound {
                client: Arc::clone(client),
                deadline: self.deadline,
                max_body: self.max_octets,
            }),
            None => Outbound::new(self.deadline, self.max_octets).map_err(KeysError::NoClient),
        }
    }
}

impl fmt::Debug for RemoteKeysBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RemoteKeysBuilder")
            .field("issuer", &self.issuer.as_str())
            .field("address", &self.address)
            .field("plain_http", &self.plain)
            .field("algorithms", &self.algorithms)
            .field("deadline", &self.deadline)
            .field("cooldown", &self.cooldown)
            .field("max_stale", &self.max_stale)
            .field("cache_times", &self.cache_times)
            .field("max_octets", &self.max_octets)
            .field("max_keys", &self.max_keys)
            .finish_non_exhaustive()
    }
}
