//! Users in memory.

use std::collections::HashMap;
use std::sync::Arc;

use auth_syntax::DigestAlgorithm;

use super::error::DigestUsersError;
use super::{DigestLookup, DigestUserEntry, terms};
use crate::scheme::DigestUser;
use crate::verify::Account;
use crate::verify::digest::hash::{DigestHash, Hashed, hashed_name};

/// Users by realm, algorithm, and name or hashed name.
pub(super) struct Table<U> {
    realms: HashMap<Box<str>, Realm<U>>,
    len: usize,
}

/// The users of one realm, by algorithm.
struct Realm<U> {
    md5: Users<U>,
    sha256: Users<U>,
    sha512_256: Users<U>,
}

struct Users<U> {
    all: Vec<User<U>>,
    /// In normalisation form C.
    by_name: HashMap<Box<str>, usize>,
    /// By H(user:realm) (D-19).
    by_hash: HashMap<[u8; 32], usize>,
}

struct User<U> {
    hash: DigestHash,
    account: Account<U>,
}

impl<U> Table<U> {
    pub(super) fn new() -> Self {
        Self {
            realms: HashMap::new(),
            len: 0,
        }
    }

    /// How many hashes there are.
    pub(super) fn len(&self) -> usize {
        self.len
    }

    pub(super) fn insert(
        &mut self,
        name: &str,
        realm: &str,
        hash: DigestHash,
        account: Account<U>,
    ) -> Result<(), DigestUsersError> {
        let normal = terms::user_name(name)?;
        if normal.as_str() != name {
            return Err(DigestUsersError::NotNormal);
        }
        terms::realm(realm)?;
        let algorithm = hash.algorithm();
        let users = match self.realms.get_mut(realm) {
            Some(known) => known.users_mut(algorithm),
            None => self
                .realms
                .entry(realm.into())
                .or_default()
                .users_mut(algorithm),
        };
        if users.by_name.contains_key(name) {
            return Err(DigestUsersError::DuplicateUser);
        }
        let index = users.all.len();
        users.by_name.insert(name.into(), index);
        let key = hashed_name(algorithm, name, realm).key();
        users.by_hash.insert(key, index);
        users.all.push(User { hash, account });
        self.len += 1;
        Ok(())
    }

    /// Whether a realm has users with hashes of an algorithm.
    pub(super) fn has(&self, realm: &str, algorithm: DigestAlgorithm) -> bool {
        let realm = self.realms.get(realm);
        realm.is_some_and(|realm| !realm.users(algorithm).all.is_empty())
    }

    /// The realms and algorithms that there are hashes for.
    pub(super) fn kinds(&self) -> Vec<(String, DigestAlgorithm)> {
        const BASE: [DigestAlgorithm; 3] = [
            DigestAlgorithm::Md5,
            DigestAlgorithm::Sha256,
            DigestAlgorithm::Sha512_256,
        ];
        let realms = self.realms.keys();
        realms
            .flat_map(|realm| BASE.map(|algorithm| (realm, algorithm)))
            .filter(|(realm, algorithm)| self.has(realm, *algorithm))
            .map(|(realm, algorithm)| (String::from(&**realm), algorithm))
            .collect()
    }

    /// The user, unless disabled. Whoever is wanted, one map of realms and one of users is asked.
    pub(super) fn find(&self, wanted: &DigestLookup<'_>) -> Option<DigestUserEntry<U>> {
        let users = self.realms.get(wanted.realm())?.users(wanted.algorithm());
        let index = match wanted.user() {
            DigestUser::Plain(name) => users.by_name.get(name),
            DigestUser::Hashed(digits) => {
                let hash = Hashed::from_hex(wanted.algorithm(), digits)?;
                users.by_hash.get(&hash.key())
            }
        };
        let User { hash, account } = users.all.get(*index?)?;
        let identity = Arc::clone(account.identity.as_ref()?);
        let entry = DigestUserEntry::shared(hash.clone(), identity);
        Some(entry.with_grants(account.grants.clone()))
    }
}

impl<U> Realm<U> {
    fn users(&self, algorithm: DigestAlgorithm) -> &Users<U> {
        match algorithm.base() {
            DigestAlgorithm::Md5 => &self.md5,
            DigestAlgorithm::Sha256 => &self.sha256,
            _ => &self.sha512_256,
        }
    }

    fn users_mut(&mut self, algorithm: DigestAlgorithm) -> &mut Users<U> {
        match algorithm.base() {
            DigestAlgorithm::Md5 => &mut self.md5,
            DigestAlgorithm::Sha256 => &mut self.sha256,
            _ => &mut self.sha512_256,
        }
    }
}

impl<U> Default for Realm<U> {
    fn default() -> Self {
        Self {
            md5: Users::default(),
            sha256: Users::default(),
            sha512_256: Users::default(),
        }
    }
}

impl<U> Default for Users<U> {
    fn default() -> Self {
        Self {
            all: Vec::new(),
            by_name: HashMap::new(),
            by_hash: HashMap::new(),
        }
    }
}
