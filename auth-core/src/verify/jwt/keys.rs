//! The keys of one issuer.

use std::sync::Arc;

#[cfg(feature = "jwks")]
use super::RemoteKeys;
use super::{Algorithm, JwtError, Key, MAX_KEYS};

/// Where a verifier has its keys from.
#[derive(Debug)]
pub(super) enum Keys {
    /// They were given at the start.
    Given(KeySet),
    /// They are fetched from the issuer.
    #[cfg(feature = "jwks")]
    Remote(RemoteKeys),
}

impl Keys {
    /// Whether this very key counts now.
    pub(super) fn has(&self, key: &Arc<Key>) -> bool {
        match self {
            Self::Given(set) => set.has(key),
            #[cfg(feature = "jwks")]
            Self::Remote(keys) => keys.has(key),
        }
    }
}

/// The keys that an issuer has at one moment, and the algorithms that are taken from it.
#[derive(Debug, Default)]
pub(super) struct KeySet {
    algorithms: Box<[Algorithm]>,
    keys: Box<[Arc<Key>]>,
    /// With how many keys at most one token is tried.
    tries: usize,
}

/// Of keys that are fetched. Whoever publishes many that no token names must not make every token cost all of them.
#[cfg(feature = "jwks")]
const FETCHED_TRIES: usize = 8;

impl KeySet {
    /// A set that is given at the start: each algorithm has a key, and each key an algorithm on the list.
    pub(super) fn given(algorithms: Vec<Algorithm>, keys: Vec<Key>) -> Result<Self, JwtError> {
        agree(&algorithms, &keys)?;
        let keys = keys.into_iter().map(Arc::new);
        Ok(Self::of(algorithms, keys, MAX_KEYS))
    }

    /// A set that is fetched. Keys that serve another algorithm than the listed ones serve none.
    #[cfg(feature = "jwks")]
    pub(super) fn fetched(
        algorithms: impl Into<Box<[Algorithm]>>,
        keys: impl IntoIterator<Item = Arc<Key>>,
    ) -> Self {
        Self::of(algorithms, keys, FETCHED_TRIES)
    }

    /// A set of checked keys.
    pub(super) fn of(
        algorithms: impl Into<Box<[Algorithm]>>,
        keys: impl IntoIterator<Item = Arc<Key>>,
        tries: usize,
    ) -> Self {
        Self {
            algorithms: algorithms.into(),
            keys: keys.into_iter().collect(),
            tries,
        }
    }

    pub(super) fn algorithms(&self) -> &[Algorithm] {
        &self.algorithms
    }

    pub(super) fn tries(&self) -> usize {
        self.tries
    }

    #[cfg(feature = "jwks")]
    pub(super) fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub(super) fn keys(&self) -> &[Arc<Key>] {
        &self.keys
    }

    /// Whether both hold the same keys, in whatever order.
    #[cfg(feature = "jwks")]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.keys.len() == other.keys.len() && self.keys.iter().all(|key| other.has(key))
    }

    /// Whether this very key is still there.
    pub(super) fn has(&self, key: &Arc<Key>) -> bool {
        self.keys.iter().any(|own| Arc::ptr_eq(own, key))
    }
}

fn agree(algorithms: &[Algorithm], keys: &[Key]) -> Result<(), JwtError> {
    if algorithms.is_empty() {
        return Err(JwtError::NoAlgorithms);
    }
    if keys.is_empty() {
        return Err(JwtError::NoKeys);
    }
    if keys.len() > MAX_KEYS {
        return Err(JwtError::TooManyKeys);
    }
    for key in keys {
        if !algorithms.contains(&key.algorithm()) {
            return Err(JwtError::AlgorithmNotListed(key.algorithm()));
        }
        if key.kid().is_some_and(|kid| kid.len() > Key::MAX_KID_LEN) {
            return Err(JwtError::KidTooLong);
        }
    }
    let unused = algorithms
        .iter()
        .find(|algorithm| keys.iter().all(|key| key.algorithm() != **algorithm));
    match unused {
        Some(algorithm) => Err(JwtError::AlgorithmWithoutKey(*algorithm)),
        None => Ok(()),
    }
}
