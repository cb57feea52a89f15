//! The settings of a [`DigestVerifier`].

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use super::budget::Budget;
use super::counts::{MemoryNonceCounts, NonceCounts, SharedCounts};
use super::hints::{self, Hints};
use super::nonce::{NonceSecret, Nonces};
use super::verifier::{DigestVerifier, Parts};
use crate::readable::debug_like_display;

const MIN_LIFETIME: Duration = Duration::from_secs(30);
const MAX_LIFETIME: Duration = Duration::from_hours(24);

/// Makes a [`DigestVerifier`]; begun by [`DigestVerifier::builder`].
///
/// ```
/// use auth_core::digest::{DigestUserList, DigestVerifier, MemoryNonceCounts, NonceSecret};
/// use std::time::Duration;
///
/// # fn users(list: DigestUserList<String>) -> Result<(), Box<dyn std::error::Error>> {
/// # let secret = [7; 32];
/// let users = DigestVerifier::builder(list, NonceSecret::new(secret)?)
///     .with_nonce_lifetime(Duration::from_mins(10))
///     .with_counts(MemoryNonceCounts::new(1_000_000))
///     .with_max_content_len(64 * 1024)
///     .with_max_content_in_flight(16 * 1024 * 1024)
///     .build()?;
/// # let _ = users;
/// # Ok(()) }
/// ```
pub struct DigestVerifierBuilder<U> {
    users: U,
    secret: NonceSecret,
    lifetime: Duration,
    counts: SharedCounts,
    max_content_len: usize,
    max_content_in_flight: usize,
}

impl<U> DigestVerifierBuilder<U> {
    /// The shortest time that a nonce may last.
    pub const MIN_NONCE_LIFETIME: Duration = MIN_LIFETIME;
    /// The longest time that a nonce may last.
    pub const MAX_NONCE_LIFETIME: Duration = MAX_LIFETIME;

    pub(super) fn new(users: U, secret: NonceSecret) -> Self {
        Self {
            users,
            secret,
            lifetime: Duration::from_mins(5),
            counts: SharedCounts::new(MemoryNonceCounts::default()),
            max_content_len: 1024 * 1024,
            max_content_in_flight: 64 * 1024 * 1024,
        }
    }

    /// How long a nonce lasts: 5 minutes unless set. Then a client gets another one by `stale=true`, and goes on by itself.
    /// Give minutes, and not seconds: a nonce that ends before its first use makes some clients show their caller the 401,
    /// and others ask again and again. The counts of a nonce are remembered for as long.
    ///
    /// A nonce that was issued under another lifetime is foreign: after a change clients authenticate anew.
    #[must_use]
    pub fn with_nonce_lifetime(mut self, lifetime: Duration) -> Self {
        self.lifetime = lifetime;
        self
    }

    /// Where is remembered which counts were used: in memory unless set, for this verifier and its clones alone.
    ///
    /// All verifiers with one secret and one realm need one store, else a request can be repeated once at each of them:
    /// those of several instances, and those of one process, for several hosts or tags. Within a process an
    /// `Arc<MemoryNonceCounts>` will do, or a secret for each.
    #[must_use]
    pub fn with_counts(mut self, counts: impl NonceCounts + 'static) -> Self {
        self.counts = SharedCounts::new(counts);
        self
    }

    /// The longest content that is read for `auth-int`, in octets, of a request and of its answer; 1 MiB unless set. A
    /// longer request is answered 413; a longer answer goes out without `Authentication-Info`.
    ///
    /// It bounds how much a guard reads, and not for how long: it waits for a slow client until the server gives the
    /// request up. Time limits for requests and their bodies are the server's (hyper, a `TimeoutLayer` or
    /// `RequestBodyTimeoutLayer` of tower-http, the proxy in front).
    #[must_use]
    pub fn with_max_content_len(mut self, octets: usize) -> Self {
        self.max_content_len = octets;
        self
    }

    /// How much content guards may hold for `auth-int` at the same time, in octets, of all requests together; 64 MiB
    /// unless set. Whoever gets a nonce can have content held, and anybody gets one: this is what they can have held
    /// altogether, whatever their number.
    ///
    /// Before a guard reads content it takes as much of this as that content may be: its length where that is known
    /// (`Content-Length`), else [the limit](Self::with_max_content_len). It gives it back when it has judged, or was
    /// dropped. Where not enough is left, the request is answered 503 with `Retry-After: 1`
    /// ([`Cause::Unavailable`](crate::Cause::Unavailable)), and nothing of it is read. Requests without content and those
    /// under `auth` need nothing of it.
    ///
    /// The octets are those of contents: the buffers that they grow in, and those of the server for each connection, come
    /// on top. What the handler reads of an admitted request, and answers to it, does not count. Clones of the verifier
    /// share it. Slow clients can use it up for as long as the server lets them: see
    /// [the limit](Self::with_max_content_len).
    #[must_use]
    pub fn with_max_content_in_flight(mut self, octets: usize) -> Self {
        self.max_content_in_flight = octets;
        self
    }

    /// The verifier.
    ///
    /// # Errors
    /// If nonces were to last shorter than 30 seconds or longer than 24 hours, or if one content within the limit could be
    /// longer than all contents together.
    pub fn build(self) -> Result<DigestVerifier<U>, DigestVerifierError> {
        if !(MIN_LIFETIME..=MAX_LIFETIME).contains(&self.lifetime) {
            return Err(DigestVerifierError::NonceLifetime(self.lifetime));
        }
        if self.max_content_in_flight < self.max_content_len {
            return Err(DigestVerifierError::ContentInFlight {
                in_flight: self.max_content_in_flight,
                len: self.max_content_len,
            });
        }
        if self.secret.is_random() {
            hints::random_secret();
        }
        Ok(DigestVerifier(Arc::new(Parts {
            users: self.users,
            nonces: Nonces::new(self.secret, self.lifetime),
            lifetime: self.lifetime,
            counts: self.counts,
            max_content_len: self.max_content_len,
            in_flight: Budget::new(self.max_content_in_flight),
            hints: Hints::default(),
        })))
    }
}

impl<U> fmt::Debug for DigestVerifierBuilder<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestVerifierBuilder")
            .field("nonce_lifetime", &self.lifetime)
            .field("max_content_len", &self.max_content_len)
            .field("max_content_in_flight", &self.max_content_in_flight)
            .finish_non_exhaustive()
    }
}

/// Why there is no [`DigestVerifier`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestVerifierError {
    /// Nonces cannot last so long.
    NonceLifetime(Duration),
    /// One content may be longer than all contents together, in octets.
    ContentInFlight {
        /// What [`with_max_content_in_flight`](DigestVerifierBuilder::with_max_content_in_flight) was given, or its default.
        in_flight: usize,
        /// What [`with_max_content_len`](DigestVerifierBuilder::with_max_content_len) was given, or its default.
        len: usize,
    },
}

impl fmt::Display for DigestVerifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonceLifetime(lifetime) => write!(
                f,
                "nonces cannot last {lifetime:?}: write a time from 30 seconds to 24 hours, such as `Duration::from_mins(5)`"
            ),
            Self::ContentInFlight { in_flight, len } => write!(
                f,
                "a content of up to {len} octets cannot be held where all together are held up to {in_flight}: let `with_max_content_in_flight` be at least `with_max_content_len`, and many times that where many requests come at once"
            ),
        }
    }
}

impl core::error::Error for DigestVerifierError {}

debug_like_display!(DigestVerifierError);
