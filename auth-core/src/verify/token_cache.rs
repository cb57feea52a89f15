//! What was found out about tokens, so that a token seen before costs a look into memory.

use core::fmt;
use core::hash::{BuildHasherDefault, Hasher};
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::OnceLock;

use aws_lc_rs::rand;
use quick_cache::Weighter;
use quick_cache::sync::{Cache, DefaultLifecycle};
use siphasher::sip128::SipHasher24;

use crate::observe;

/// How much a verifier remembers of tokens that it has verified.
///
/// ```
/// use auth_core::CacheLimits;
/// let limits = CacheLimits::default().with_entries(100_000).with_octets(64 << 20);
/// assert_eq!(limits.entries(), 100_000);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CacheLimits {
    entries: usize,
    octets: usize,
}

impl CacheLimits {
    /// The most tokens: 10,000 unless set. At least 1.
    #[must_use]
    pub const fn with_entries(mut self, entries: usize) -> Self {
        self.entries = if entries == 0 { 1 } else { entries };
        self
    }

    /// The most memory, in octets: 32 MiB unless set. It is an estimate: what the claims hold counts as twice the
    /// length of their token.
    #[must_use]
    pub const fn with_octets(mut self, octets: usize) -> Self {
        self.octets = octets;
        self
    }

    /// The most tokens.
    #[must_use]
    pub const fn entries(&self) -> usize {
        self.entries
    }

    /// The most memory, in octets.
    #[must_use]
    pub const fn octets(&self) -> usize {
        self.octets
    }
}

impl Default for CacheLimits {
    fn default() -> Self {
        Self {
            entries: 10_000,
            octets: 32 << 20,
        }
    }
}

/// What a cache has done so far.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct CacheStats {
    /// Tokens that were known.
    pub hits: u64,
    /// Tokens that were not, or not any more.
    pub misses: u64,
    /// Tokens that it holds now.
    pub entries: usize,
    /// What they count as, in octets.
    pub octets: u64,
}

/// Stands for a token: a hash of all of it, by a secret of this process, so that nobody can look for two tokens that share
/// one (V21). What was found out about it is kept by each verifier for itself.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Digest(u128);

impl Digest {
    pub(crate) fn of(token: &str, secret: &Secret) -> Self {
        // The length is part of what SipHash hashes.
        Self(
            SipHasher24::new_with_key(&secret.0)
                .hash(token.as_bytes())
                .as_u128(),
        )
    }
}

/// The secret of this process.
#[derive(Clone, Copy)]
pub(crate) struct Secret([u8; 16]);

impl Secret {
    /// `None`: the system gave no random octets.
    pub(crate) fn of_this_process() -> Option<Self> {
        static SECRET: OnceLock<Secret> = OnceLock::new();
        if let Some(secret) = SECRET.get() {
            return Some(*secret);
        }
        let mut octets = [0; 16];
        rand::fill(&mut octets).ok()?;
        Some(*SECRET.get_or_init(|| Self(octets)))
    }
}

/// What was found out about tokens, by their digests; the tokens themselves are not kept.
pub(crate) struct TokenCache<V> {
    entries: Cache<Digest, Entry<V>, Weigh, BuildHasherDefault<Uniform>>,
    hits: AtomicU64,
    misses: AtomicU64,
}

#[derive(Clone)]
struct Entry<V> {
    value: V,
    weight: u64,
}

/// No entry counts less than its share, so that the limit in octets is one in entries as well.
#[derive(Clone)]
struct Weigh {
    least: u64,
}

impl<V> Weighter<Digest, Entry<V>> for Weigh {
    fn weight(&self, _: &Digest, entry: &Entry<V>) -> u64 {
        entry.weight.max(self.least)
    }
}

/// What an entry counts as beside the token's claims: its place in the map, the grants and facts.
const OVERHEAD: usize = 512;

impl<V: Clone> TokenCache<V> {
    pub(crate) fn new(limits: CacheLimits) -> Self {
        Self {
            entries: Cache::with(
                limits.entries,
                limits.octets as u64,
                Weigh {
                    least: (limits.octets / limits.entries) as u64,
                },
                BuildHasherDefault::default(),
                DefaultLifecycle::default(),
            ),
            hits: AtomicU64::new(0),
            misses: AtomicU64::new(0),
        }
    }

    /// What is known of a token, if it is still `good`; what is not is forgotten.
    #[cfg(any(feature = "introspection", test))]
    pub(crate) fn get(&self, digest: Digest, good: impl FnOnce(&V) -> bool) -> Option<V> {
        let found = self.peek(digest, good);
        self.count(found.is_some());
        found
    }

    /// Counts a token that was known, or was not.
    pub(crate) fn count(&self, known: bool) {
        observe::token_looked_up(known);
        let count = if known { &self.hits } else { &self.misses };
        count.fetch_add(1, Ordering::Relaxed);
    }

    /// What is known of a token, for whoever looks in several places or several times: it is not counted.
    pub(crate) fn peek(&self, digest: Digest, good: impl FnOnce(&V) -> bool) -> Option<V> {
        let found = self.entries.get(&digest).map(|entry| entry.value);
        let stale = found.as_ref().is_some_and(|value| !good(value));
        if stale {
            self.entries.remove(&digest);
        }
        found.filter(|_| !stale)
    }

    /// Remembers what was found out about a token of this length.
    pub(crate) fn insert(&self, digest: Digest, token_len: usize, value: V) {
        let weight = OVERHEAD + size_of::<V>() + 2 * token_len;
        self.entries.insert(
            digest,
            Entry {
                value,
                weight: weight as u64,
            },
        );
    }

    pub(crate) fn clear(&self) {
        self.entries.clear();
    }

    pub(crate) fn stats(&self) -> CacheStats {
        CacheStats {
            hits: self.hits.load(Ordering::Relaxed),
            misses: self.misses.load(Ordering::Relaxed),
            entries: self.entries.len(),
            octets: self.entries.weight(),
        }
    }
}

impl<V> fmt::Debug for TokenCache<V> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenCache")
    }
}

/// A digest is spread evenly already.
#[derive(Clone, Copy, Default)]
pub(crate) struct Uniform(u64);

impl Hasher for Uniform {
    fn write(&mut self, octets: &[u8]) {
        for part in octets.chunks(8) {
            let mut word = [0; 8];
            for (to, from) in word.iter_mut().zip(part) {
                *to = *from;
            }
            self.0 = self.0.rotate_left(5) ^ u64::from_ne_bytes(word);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "half of it is enough")]
    fn write_u128(&mut self, digest: u128) {
        self.0 = digest as u64;
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::{CacheLimits, CacheStats, Digest, Secret, TokenCache};

    fn digest(token: &str) -> Digest {
        let Some(secret) = Secret::of_this_process() else {
            unreachable!("random octets")
        };
        Digest::of(token, &secret)
    }

    #[test]
    fn v21_no_other_token_has_the_same_digest() {
        let token = "abc".repeat(99);
        assert!(digest(&token) == digest(&token));
        for other in [
            format!("{token}="),
            format!("{token}\0"),
            token.replacen('a', "A", 1),
            token.replacen("cab", "c.ab", 1),
            String::new(),
        ] {
            assert!(digest(&other) != digest(&token), "{other}");
        }
        assert!(Digest::of("a", &Secret([1; 16])) != Digest::of("a", &Secret([2; 16])));
    }

    #[test]
    fn v21_what_is_not_good_any_more_is_forgotten() {
        let cache = TokenCache::new(CacheLimits::default());
        cache.insert(digest("a"), 1, 1);
        assert_eq!(cache.get(digest("a"), |_| true), Some(1));
        assert_eq!(cache.get(digest("a"), |_| false), None);
        assert_eq!(cache.get(digest("a"), |_| true), None);
        let stats = cache.stats();
        assert_eq!((stats.hits, stats.misses, stats.entries), (1, 2, 0));
    }

    #[test]
    fn v24_it_is_bounded_in_entries_and_in_octets() {
        let full = |limits: CacheLimits, token_len| -> CacheStats {
            let cache = TokenCache::new(limits);
            for n in 0..5_000 {
                cache.insert(digest(&n.to_string()), token_len, [0_u64; 4]);
            }
            cache.stats()
        };
        let few = full(CacheLimits::default().with_entries(100), 700);
        assert!((50..=100).contains(&few.entries), "{few:?}");
        let small = full(CacheLimits::default().with_octets(200_000), 700);
        assert!(small.octets <= 200_000, "{small:?}");
        assert!((50..=200).contains(&small.entries), "{small:?}");
        let none = full(CacheLimits::default().with_octets(0), 700);
        assert_eq!(none.entries, 0);
    }
}
