//! API keys, for the `ApiKey` scheme.

mod generator;
mod hash;

pub use generator::{ApiKeyGenerator, InvalidPrefix};
pub use hash::{ApiKeyHash, NotAHash};

use core::fmt;
use core::future::{Future, ready};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{ApiKey, ApiKeyCredentials, is_presentable};
use crate::verify::{Grants, Verified, Verifier};

/// Octets of the shortest key that [`ApiKeys::insert_key`] takes: 128 random bits in base64.
const MIN_KEY_LEN: usize = 22;

/// Checks API keys against stored hashes: a verifier for [`ApiKey`]. Keys come and go while it runs.
///
/// ```
/// use auth_core::{ApiKeyGenerator, ApiKeys};
/// #[derive(Clone)]
/// struct Partner { name: &'static str }
///
/// let keys = ApiKeys::<Partner>::new();
/// let (key, hash) = ApiKeyGenerator::new("acme")?.generate()?;
/// println!("give this to the partner, it is not shown again: {}", key.expose());
/// println!("and store this: {hash}");
/// keys.insert(&hash, Partner { name: "Example Ltd" });
/// // later
/// assert!(keys.revoke(&hash));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// To change keys while the server runs, put an `Arc<ApiKeys<_>>` into the state (it is a verifier too)
/// and keep a clone.
///
/// # Storage
/// Only the SHA-256 of a key is kept. A fast hash without salt suffices because a key, unlike a
/// password, cannot be guessed: those of [`ApiKeyGenerator`] have 196 random bits. Keys made in another
/// way must have at least 128 bits of randomness; a memorable word as a key is found at once by whoever
/// sees the hash.
///
/// # Constant time
/// A key is hashed as a whole and its hash is looked up under a secret random `SipHash` key, then
/// compared in constant time: how long it takes tells nothing about a stored key.
///
/// # Errors
/// [`Cause::InvalidCredentials`] for a key that is unknown, revoked or expired.
pub struct ApiKeys<O> {
    keys: RwLock<HashMap<ApiKeyHash, Entry<O>>>,
}

struct Entry<O> {
    owner: Arc<O>,
    grants: Grants,
}

impl<O> ApiKeys<O> {
    /// Without keys: every key is refused until one is [inserted](Self::insert).
    #[must_use]
    pub fn new() -> Self {
        Self {
            keys: RwLock::default(),
        }
    }

    /// Admits the key with this hash from now on. If there was one already, its owner and grants are
    /// replaced, and the former owner is returned.
    pub fn insert(&self, hash: &ApiKeyHash, owner: impl Into<Arc<O>>) -> Option<Arc<O>> {
        self.insert_with_grants(hash, owner, Grants::none())
    }

    /// The same, with grants. Where they [expire](Grants::expiring_at), the key is refused from that
    /// second on.
    pub fn insert_with_grants(
        &self,
        hash: &ApiKeyHash,
        owner: impl Into<Arc<O>>,
        grants: Grants,
    ) -> Option<Arc<O>> {
        let owner = owner.into();
        // A statement of its own, so that the lock is not held while the former entry is dropped.
        let former = self.write().insert(*hash, Entry { owner, grants });
        former.map(|entry| entry.owner)
    }

    /// Admits a key that was made elsewhere, and returns its hash, with which it can be revoked.
    ///
    /// # Errors
    /// [`UnusableKey`], if it is too short to be safe or no request can present it.
    pub fn insert_key(
        &self,
        key: &str,
        owner: impl Into<Arc<O>>,
    ) -> Result<ApiKeyHash, UnusableKey> {
        if key.len() < MIN_KEY_LEN {
            return Err(UnusableKey::TooShort);
        }
        if !is_presentable(key.as_bytes()) {
            return Err(UnusableKey::Unpresentable);
        }
        let hash = ApiKeyHash::of(key);
        self.insert(&hash, owner);
        Ok(hash)
    }

    /// Refuses the key from now on, also in requests that are about to be checked; those that were
    /// admitted before run to their end. Says whether there was one.
    pub fn revoke(&self, hash: &ApiKeyHash) -> bool {
        // A statement of its own, as in `insert_with_grants`.
        let former = self.write().remove(hash);
        former.is_some()
    }

    /// How many keys are admitted, expired ones included.
    pub fn len(&self) -> usize {
        self.read().len()
    }

    /// Whether every key is refused.
    pub fn is_empty(&self) -> bool {
        self.read().is_empty()
    }

    fn check(&self, key: &str) -> Result<Verified<O>, Cause> {
        let hash = ApiKeyHash::of(key);
        let (owner, grants) = match self.read().get(&hash) {
            Some(entry) => (Arc::clone(&entry.owner), entry.grants.clone()),
            None => return Err(Cause::InvalidCredentials),
        };
        Ok(Verified::shared(owner).with_grants(grants))
    }

    // No user code runs under the lock, so a poisoned one holds a whole map.
    fn read(&self) -> RwLockReadGuard<'_, HashMap<ApiKeyHash, Entry<O>>> {
        self.keys.read().unwrap_or_else(PoisonError::into_inner)
    }

    fn write(&self) -> RwLockWriteGuard<'_, HashMap<ApiKeyHash, Entry<O>>> {
        self.keys.write().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<O> Default for ApiKeys<O> {
    fn default() -> Self {
        Self::new()
    }
}

impl<O: Clone + Send + Sync + 'static> Verifier for ApiKeys<O> {
    type Scheme = ApiKey;
    type Identity = O;

    fn verify<'r>(
        &'r self,
        credentials: ApiKeyCredentials<'r>,
        _request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<O>, Cause>> + Send + 'r {
        ready(self.check(credentials.expose()))
    }
}

/// Prints how many keys there are, and none of them.
impl<O> fmt::Debug for ApiKeys<O> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ApiKeys")
            .field("keys", &self.len())
            .finish_non_exhaustive()
    }
}

/// Why [`ApiKeys::insert_key`] did not take a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum UnusableKey {
    /// Shorter than 22 characters: 128 random bits do not fit in.
    TooShort,
    /// It holds something other than visible ASCII, or a comma: no request can present it.
    Unpresentable,
}

impl fmt::Display for UnusableKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooShort => {
                "an API key of less than 22 characters can be guessed: make one with `ApiKeyGenerator`"
            }
            Self::Unpresentable => "an API key is visible ASCII without blanks and commas",
        })
    }
}

impl core::error::Error for UnusableKey {}
