//! Counts in the memory of this process.

mod shard;
#[cfg(test)]
mod tests;
mod threads;

use core::fmt;
use core::future::{Future, ready};

use self::shard::Shard;
use self::threads::{Lock, Native, Number, Threads};
use super::{CountAnswer, NonceCounts, NonceUse};
use crate::verify::StoreDown;
use crate::verify::digest::NonceId;

/// Most parts of a store, each under a lock of its own.
const MAX_SHARDS: usize = 16;

/// A store of fewer nonces is one part, so that exactly the oldest is forgotten.
const MIN_SHARD: usize = 1024;

/// The time of a clock that says nothing.
const UNKNOWN: u64 = u64::MAX;

/// Remembers the counts of nonces in the memory of this process: what a single instance needs.
///
/// ```
/// use auth_core::digest::MemoryNonceCounts;
///
/// // For 100 000 nonces that are in use at the same time, in 9 MB.
/// let counts = MemoryNonceCounts::default();
/// // For a server of many users.
/// let counts = MemoryNonceCounts::new(1_000_000);
/// assert!(counts.is_empty());
/// ```
///
/// # Bounds
///
/// A nonce takes memory when it is first used, never when it is issued: 48 octets, some 90 with the order in which they
/// are kept; with a session algorithm its first `cnonce` as well. It is given back after the nonce has expired, as others
/// come.
///
/// A client may be 127 counts late; what is later, or was used, is refused with `stale=true`.
///
/// When as many nonces are in use as it was made for, the oldest is forgotten for each new one. What was forgotten is
/// refused from then on, and so is every nonce of that age which was not used before: clients get a new nonce and try
/// again. (A large store has up to 16 parts, and forgets the oldest in the part that is full.)
///
/// # After a restart
///
/// It does not know what was used before, so it refuses all nonces that were issued before it first heard of the time:
/// with the first challenge or the first credentials. Each client then gets one more 401, with `stale=true`.
///
/// That is so once the former process has ended: while both run, as in a rolling deployment, a request whose nonce was
/// issued in this time is admitted once by each. Where that matters, let them share a store, or end the one first.
///
/// Before and after are told by the clock. If it is set back while the process runs, nothing is admitted twice, but new
/// nonces may be refused until it has caught up; a restart ends that. If it is set back together with a restart, requests
/// of the time in between may be admitted once more until their nonces expire.
pub struct MemoryNonceCounts(Table<Native>);

impl MemoryNonceCounts {
    /// How many nonces the [default](MemoryNonceCounts::default) is for: 100 000.
    pub const DEFAULT_CAPACITY: usize = 100_000;

    /// An empty store for so many nonces in use at the same time, at least 1.
    #[must_use]
    pub fn new(capacity: usize) -> Self {
        Self(Table::new(capacity))
    }

    /// How many nonces it remembers, some of which may have expired.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether it remembers none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }
}

impl Default for MemoryNonceCounts {
    fn default() -> Self {
        Self::new(Self::DEFAULT_CAPACITY)
    }
}

impl NonceCounts for MemoryNonceCounts {
    fn record<'s>(
        &'s self,
        used: NonceUse<'s>,
    ) -> impl Future<Output = Result<CountAnswer, StoreDown>> + Send + 's {
        ready(Ok(self.0.record(&used)))
    }

    fn first_cnonce(
        &self,
        nonce: NonceId,
    ) -> impl Future<Output = Result<Option<String>, StoreDown>> + Send + '_ {
        ready(Ok(self.0.first_cnonce(nonce)))
    }

    fn issued(&self, now_ms: u64) {
        self.0.start(now_ms);
    }
}

impl fmt::Debug for MemoryNonceCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MemoryNonceCounts")
            .field("len", &self.len())
            .finish_non_exhaustive()
    }
}

/// All parts of a store. `T` says whose locks they have: a model checker has its own.
struct Table<T: Threads> {
    /// When this store first heard of the time: what was issued before is unknown to it.
    start: T::Number,
    /// A power of two.
    shards: Box<[T::Lock<Shard>]>,
    shard_capacity: usize,
}

impl<T: Threads> Table<T> {
    fn new(capacity: usize) -> Self {
        let shards = (capacity / MIN_SHARD).clamp(1, MAX_SHARDS);
        // The greatest power of two that is no greater.
        let shards = 1 << shards.ilog2();
        Self {
            start: T::Number::new(UNKNOWN),
            shards: (0..shards).map(|_| T::Lock::new(Shard::EMPTY)).collect(),
            shard_capacity: (capacity / shards).max(1),
        }
    }

    /// When this store first heard of the time, which is now if it has not before.
    fn start(&self, now_ms: u64) -> u64 {
        match self.start.load() {
            UNKNOWN => match self.start.replace(UNKNOWN, now_ms) {
                Ok(_) => now_ms,
                // Another one was faster.
                Err(start) => start,
            },
            start => start,
        }
    }

    fn record(&self, used: &NonceUse<'_>) -> CountAnswer {
        let is_unknown = used.nonce().issued_at_ms() < self.start(used.now_ms());
        if is_unknown || used.expires_at_ms() <= used.now_ms() {
            return CountAnswer::Used;
        }
        // Look and change under one lock: of two with the same count, one is the first.
        self.in_shard(used.nonce(), |shard| {
            shard.record(used, self.shard_capacity)
        })
        .unwrap_or(CountAnswer::Used)
    }

    fn first_cnonce(&self, nonce: NonceId) -> Option<String> {
        self.in_shard(nonce, |shard| shard.first_cnonce(nonce).map(str::to_owned))?
    }

    fn in_shard<R>(&self, nonce: NonceId, run: impl FnOnce(&mut Shard) -> R) -> Option<R> {
        let at = usize::from(nonce.spread()) & (self.shards.len() - 1);
        Some(self.shards.get(at)?.with(run))
    }

    fn len(&self) -> usize {
        let lengths = self.shards.iter().map(|shard| shard.with(|it| it.len()));
        lengths.sum()
    }
}
