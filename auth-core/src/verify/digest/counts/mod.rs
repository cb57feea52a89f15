//! Which counts were used with a nonce (RFC 7616 §3.4, `nc`).

mod memory;
mod shared;
mod window;

pub use memory::MemoryNonceCounts;
pub(crate) use shared::{SharedCounts, StoreId};

use core::fmt;
use core::future::{Future, ready};
use core::time::Duration;
use std::sync::Arc;

use super::NonceId;
use super::nonce::MAX_AHEAD_MS;
use crate::verify::StoreDown;

/// Remembers which counts (`nc`) were used with which nonce, so that no request is admitted twice (RFC 7616 §3.4).
///
/// [`MemoryNonceCounts`] does it in the memory of one process. Several instances that answer for one host, with one
/// [`NonceSecret`](super::NonceSecret), have to share a store: what one of them has admitted, another would admit again.
///
/// # What a store promises
///
/// - For each nonce and count it answers [`CountAnswer::Fresh`] at most once, also when many ask at the same instant. It
///   keeps that for [`NonceUse::keep_for`], which is longer than what is left until [`NonceUse::expires_at_ms`]: another
///   instance, whose clock is behind, still takes the nonce then. Afterwards nobody asks: verifiers refuse expired nonces by
///   themselves.
/// - Counts may come with gaps and overtake each other, since clients send requests over several connections. A count that
///   up to 31 greater ones have overtaken is still fresh.
/// - Whoever cannot tell, since a nonce was forgotten or came before the store did, answers [`CountAnswer::Used`]: the
///   client gets a new nonce (`stale=true`) and tries again.
/// - Whoever cannot answer says [`StoreDown`], and the request is refused with 503.
///
/// `auth_core::testing::nonce_counts_contract` (feature `testing`) checks this of any store.
///
/// ```
/// use auth_core::StoreDown;
/// use auth_core::digest::{CountAnswer, NonceCounts, NonceUse};
/// use std::time::Duration;
///
/// struct Shared { /* a connection to a server of the Redis kind */ }
///
/// impl Shared {
///     /// `SET key "" NX PX …`, with milliseconds: whether the key is new.
///     async fn set_new(&self, key: Vec<u8>, keep_for: Duration) -> Result<bool, StoreDown> {
///         // …
/// #       let _ = (key, keep_for);
/// #       Ok(true)
///     }
/// }
///
/// impl NonceCounts for Shared {
///     async fn record<'s>(&'s self, used: NonceUse<'s>) -> Result<CountAnswer, StoreDown> {
///         let mut key = b"digest-nc:".to_vec();
///         key.extend(used.nonce().to_octets());
///         key.extend(used.count().to_be_bytes());
///         let is_new = self.set_new(key, used.keep_for()).await?;
///         Ok(if is_new { CountAnswer::Fresh } else { CountAnswer::Used })
///     }
/// }
/// ```
///
/// Such a server must not forget keys before their time: have it refuse new ones when it is full (`maxmemory-policy
/// noeviction`), and let it write to the disk, or else, when it has lost its memory, answer [`CountAnswer::Used`] for
/// nonces that were issued before.
///
/// The clocks of the instances may differ by 5 seconds, as they may for the nonces themselves. If they differ by more, a
/// request can be admitted once more at the end of its nonce.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not remember the counts of nonces",
    label = "not a store of counts",
    note = "a store is `auth_core::digest::MemoryNonceCounts`, or a type of yours that implements `auth_core::digest::NonceCounts`"
)]
pub trait NonceCounts: Send + Sync {
    /// Remembers that a count was used with a nonce, and says whether it was the first time. It is asked once for each
    /// request whose digest was right, and for no other.
    ///
    /// # Errors
    /// [`StoreDown`] if the store does not answer.
    fn record<'s>(
        &'s self,
        used: NonceUse<'s>,
    ) -> impl Future<Output = Result<CountAnswer, StoreDown>> + Send + 's;

    /// The `cnonce` that came with the first use of this nonce, where the store has kept it: [`NonceUse::cnonce`].
    ///
    /// Only clients of session algorithms need it that send a new `cnonce` with each request and yet go on with the A1 of
    /// the first (§3.4.2). Without it these clients are refused; all others are not.
    ///
    /// # Errors
    /// [`StoreDown`] if the store does not answer.
    fn first_cnonce(
        &self,
        nonce: NonceId,
    ) -> impl Future<Output = Result<Option<String>, StoreDown>> + Send + '_ {
        let _ = nonce;
        ready(Ok(None))
    }

    /// A nonce is about to be issued, at this time in milliseconds since 1970-01-01T00:00:00Z. Nothing is to be remembered
    /// of it: whoever asks for nonces has proven nothing. A store that forgets in a restart learns from the first call what
    /// it cannot know of.
    fn issued(&self, now_ms: u64) {
        let _ = now_ms;
    }
}

impl<C: NonceCounts + ?Sized> NonceCounts for Arc<C> {
    fn record<'s>(
        &'s self,
        used: NonceUse<'s>,
    ) -> impl Future<Output = Result<CountAnswer, StoreDown>> + Send + 's {
        C::record(self, used)
    }

    fn first_cnonce(
        &self,
        nonce: NonceId,
    ) -> impl Future<Output = Result<Option<String>, StoreDown>> + Send + '_ {
        C::first_cnonce(self, nonce)
    }

    fn issued(&self, now_ms: u64) {
        C::issued(self, now_ms);
    }
}

/// Whether a count was used for the first time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CountAnswer {
    /// It was: the request is admitted.
    Fresh,
    /// It was used before, or nobody knows: the client gets a new nonce, with `stale=true`.
    Used,
}

/// One use of a nonce, by credentials whose digest was right.
///
/// ```
/// use auth_core::digest::{NonceId, NonceUse};
///
/// // For the tests of a store: the first use of a nonce that was issued a second ago and lasts five minutes.
/// let now = 1_759_312_801_000;
/// let nonce = NonceId::new(now - 1_000, [7; 16]);
/// let used = NonceUse::new(nonce, 1, now + 299_000, now);
/// assert_eq!(used.count(), 1);
/// assert_eq!(used.keep_for().as_secs(), 305);
/// ```
#[derive(Clone, Copy)]
pub struct NonceUse<'s> {
    nonce: NonceId,
    count: u32,
    expires_at_ms: u64,
    now_ms: u64,
    cnonce: Option<&'s str>,
}

impl<'s> NonceUse<'s> {
    /// Octets of the longest `cnonce` that is carried along. Clients send 16 to 64.
    pub const MAX_CNONCE_LEN: usize = 128;

    /// The use of a nonce with a count, at a time; times are in milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn new(nonce: NonceId, count: u32, expires_at_ms: u64, now_ms: u64) -> Self {
        Self {
            nonce,
            count,
            expires_at_ms,
            now_ms,
            cnonce: None,
        }
    }

    /// With a `cnonce` to be kept if this is the first use. One that is longer than [`NonceUse::MAX_CNONCE_LEN`] is left
    /// out.
    #[must_use]
    pub const fn with_cnonce(mut self, cnonce: &'s str) -> Self {
        if cnonce.len() <= Self::MAX_CNONCE_LEN {
            self.cnonce = Some(cnonce);
        }
        self
    }

    /// Which nonce.
    #[must_use]
    pub const fn nonce(&self) -> NonceId {
        self.nonce
    }

    /// `nc`: 1 or greater.
    #[must_use]
    pub const fn count(&self) -> u32 {
        self.count
    }

    /// When the nonce ends, in milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn expires_at_ms(&self) -> u64 {
        self.expires_at_ms
    }

    /// How long a store has to remember this use, from when it is told of it: all of the nonce's lifetime, and the 5
    /// seconds by which clocks may differ.
    ///
    /// That is more than is left until [`expires_at_ms`](Self::expires_at_ms), and takes no clock to compute. The clock of
    /// the instance that records the use may be ahead, and what it takes for the end of the nonce is not the end for the
    /// others.
    #[must_use]
    pub const fn keep_for(&self) -> Duration {
        // Whoever takes the nonce is at most so much behind whoever issued it, and it was issued before it was used.
        let lifetime_ms = self.expires_at_ms.saturating_sub(self.nonce.issued_at_ms());
        Duration::from_millis(lifetime_ms.saturating_add(MAX_AHEAD_MS))
    }

    /// The time at the instance that records the use, in milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn now_ms(&self) -> u64 {
        self.now_ms
    }

    /// The `cnonce` of a request with a session algorithm: [`NonceCounts::first_cnonce`] asks for that of the first.
    #[must_use]
    pub const fn cnonce(&self) -> Option<&'s str> {
        self.cnonce
    }
}

/// Without what the client chose.
impl fmt::Debug for NonceUse<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NonceUse")
            .field("nonce", &self.nonce)
            .field("now_ms", &self.now_ms)
            .finish_non_exhaustive()
    }
}
