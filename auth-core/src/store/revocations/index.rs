//! What is revoked, in memory: a request never waits for the disk.

use core::hash::{BuildHasherDefault, Hash, Hasher};
use core::sync::atomic::{AtomicUsize, Ordering};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{PoisonError, RwLock};

use siphasher::sip128::{Hasher128, SipHasher24};

use super::revoked::Of;
use crate::verify::Uniform;

/// Stands for a token, a subject or a client of an issuer: a hash by the secret of the store, so that nobody can look for
/// two names that share one.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) struct Name([u64; 2]);

impl Name {
    pub(super) fn new(secret: &[u8; 16], of: Of, issuer: &str, name: &str) -> Self {
        let mut hasher = SipHasher24::new_with_key(secret);
        hasher.write(match of {
            Of::Token => b"t",
            Of::Subject(_) => b"s",
            Of::Client(_) => b"c",
        });
        // The length comes first, so that no two pairs are written alike.
        hasher.write(&(issuer.len() as u64).to_le_bytes());
        hasher.write(issuer.as_bytes());
        hasher.write(name.as_bytes());
        let hash = hasher.finish128();
        Self([hash.h1, hash.h2])
    }

    pub(super) fn to_u128(self) -> u128 {
        u128::from(self.0[0]) | u128::from(self.0[1]) << 64
    }

    #[expect(clippy::cast_possible_truncation, reason = "both halves are kept")]
    pub(super) fn from_u128(name: u128) -> Self {
        Self([name as u64, (name >> 64) as u64])
    }
}

/// A name is a hash already; the shard is chosen by its other half.
impl Hash for Name {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0[0]);
    }
}

/// What is known of a name. What is said of it twice holds both times, and for the longer.
pub(super) trait Fact: Copy {
    fn and(self, other: Self) -> Self;
    fn until(&self) -> u64;
}

/// A token, until it has expired.
#[derive(Clone, Copy)]
pub(super) struct Until(pub(super) u64);

impl Fact for Until {
    fn and(self, other: Self) -> Self {
        Self(self.0.max(other.0))
    }

    fn until(&self) -> u64 {
        self.0
    }
}

/// Tokens that were issued up to a second, until the last of them has expired.
#[derive(Clone, Copy)]
pub(super) struct IssuedUpTo {
    pub(super) second: u64,
    pub(super) until: u64,
}

impl Fact for IssuedUpTo {
    fn and(self, other: Self) -> Self {
        Self {
            second: self.second.max(other.second),
            until: self.until.max(other.until),
        }
    }

    fn until(&self) -> u64 {
        self.until
    }
}

/// How many parts: when one grows, a request waits for the copy of a 64th, and that much memory is used twice.
const SHARDS: usize = 64;

type Shard<F> = HashMap<Name, F, BuildHasherDefault<Uniform>>;

/// Facts by name. Readers wait for nobody but a writer that puts one entry into the same shard.
pub(super) struct Facts<F> {
    shards: [RwLock<Shard<F>>; SHARDS],
    len: AtomicUsize,
}

impl<F: Fact> Facts<F> {
    pub(super) fn new() -> Self {
        Self {
            shards: core::array::from_fn(|_| RwLock::default()),
            len: AtomicUsize::new(0),
        }
    }

    pub(super) fn len(&self) -> usize {
        self.len.load(Ordering::Relaxed)
    }

    pub(super) fn get(&self, name: Name) -> Option<F> {
        let shard = self.shard(name).read();
        let shard = shard.unwrap_or_else(PoisonError::into_inner);
        shard.get(&name).copied()
    }

    /// Returns when what was known of the name before ends.
    pub(super) fn insert(&self, name: Name, fact: F) -> Option<u64> {
        let shard = self.shard(name).write();
        let mut shard = shard.unwrap_or_else(PoisonError::into_inner);
        match shard.entry(name) {
            Entry::Occupied(mut known) => {
                let both = known.get().and(fact);
                Some(known.insert(both).until())
            }
            Entry::Vacant(place) => {
                self.len.fetch_add(1, Ordering::Relaxed);
                place.insert(fact);
                None
            }
        }
    }

    /// Forgets what is known of a name, if it has ended.
    pub(super) fn forget(&self, name: Name, now: u64) {
        let shard = self.shard(name).write();
        let mut shard = shard.unwrap_or_else(PoisonError::into_inner);
        if let Entry::Occupied(known) = shard.entry(name)
            && known.get().until() <= now
        {
            known.remove();
            self.len.fetch_sub(1, Ordering::Relaxed);
            shrink(&mut shard);
        }
    }

    /// Forgets all that has ended, one shard after the other.
    pub(super) fn forget_ended(&self, now: u64) {
        for shard in &self.shards {
            let mut shard = shard.write().unwrap_or_else(PoisonError::into_inner);
            let before = shard.len();
            shard.retain(|_, fact| fact.until() > now);
            self.len.fetch_sub(before - shard.len(), Ordering::Relaxed);
            shrink(&mut shard);
        }
    }

    #[expect(clippy::cast_possible_truncation, reason = "a few bits choose")]
    fn shard(&self, name: Name) -> &RwLock<Shard<F>> {
        &self.shards[name.0[1] as usize % SHARDS]
    }
}

fn shrink<F>(shard: &mut Shard<F>) {
    if shard.len() < shard.capacity() / 4 {
        let twice = shard.len() * 2;
        shard.shrink_to(twice);
    }
}
