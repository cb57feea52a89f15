//! The settings of a [`DigestVerifier`].

use core::fmt;
use core::time::Duration;

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
    #[must_use]
    pub fn with_max_content_len(mut self, octets: usize) -> Self {
        self.max_content_len = octets;
        self
    }

    /// The verifier.
    ///
    /// # Errors
    /// If nonces were to last shorter than 30 seconds or longer than 24 hours.
    pub fn build(self) -> Result<DigestVerifier<U>, DigestVerifierError> {
        if !(MIN_LIFETIME..=MAX_LIFETIME).contains(&self.lifetime) {
            return Err(DigestVerifierError::NonceLifetime(self.lifetime));
        }
        if self.secret.is_random() {
            hints::random_secret();
        }
        Ok(DigestVerifier::new(Parts {
            users: self.users,
            nonces: Nonces::new(self.secret, self.lifetime),
            lifetime: self.lifetime,
            counts: self.counts,
            max_content_len: self.max_content_len,
            hints: Hints::default(),
        }))
    }
}

impl<U> fmt::Debug for DigestVerifierBuilder<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestVerifierBuilder")
            .field("nonce_lifetime", &self.lifetime)
            .field("max_content_len", &self.max_content_len)
            .finish_non_exhaustive()
    }
}

/// Why there is no [`DigestVerifier`].
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestVerifierError {
    /// Nonces cannot last so long.
    NonceLifetime(Duration),
}

impl fmt::Display for DigestVerifierError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NonceLifetime(lifetime) => write!(
                f,
                "nonces cannot last {lifetime:?}: write a time from 30 seconds to 24 hours, such as `Duration::from_mins(5)`"
            ),
        }
    }
}

impl core::error::Error for DigestVerifierError {}

debug_like_display!(DigestVerifierError);
