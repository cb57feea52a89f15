//! What the log is told once, since it is a riddle otherwise.

#[cfg(feature = "tracing")]
use core::fmt::Write as _;
#[cfg(feature = "tracing")]
use core::sync::atomic::{AtomicBool, Ordering};
#[cfg(feature = "tracing")]
use std::collections::BTreeSet;
#[cfg(feature = "tracing")]
use std::sync::{Mutex, PoisonError};

use auth_syntax::DigestAlgorithm;

use super::users::DigestUsers;
#[cfg(feature = "tracing")]
use crate::exchange::OUT_OF_SIGHT;

/// Realms and algorithms that are told of. An application that declares more of them has been told enough.
#[cfg(feature = "tracing")]
const MAX_TOLD: usize = 64;

/// Realms and algorithms of a store that one line names.
#[cfg(feature = "tracing")]
const MAX_NAMED: usize = 8;

/// What a verifier has told.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// For which realms and algorithms of policies there are no users.
    #[cfg(feature = "tracing")]
    no_users: Mutex<BTreeSet<(String, &'static str)>>,
    /// That nothing shows the content which `auth-int` covers.
    #[cfg(feature = "tracing")]
    out_of_sight: AtomicBool,
}

/// The verifier has a secret that ends with the process.
pub(super) fn random_secret() {
    #[cfg(feature = "tracing")]
    tracing::warn!(
        target: "auth_core",
        "the secret of the nonces of Digest is random: after a restart every client has to authenticate anew, and \
         browsers ask their users; `NonceSecret::new` takes one that is kept",
    );
}

#[cfg_attr(
    not(feature = "tracing"),
    expect(
        clippy::unused_self,
        reason = "as with the feature, which knows something"
    )
)]
impl Hints {
    /// A policy has a realm or an algorithm that no user may have a hash for: then nobody can log in.
    pub(super) fn no_users(
        &self,
        users: &impl DigestUsers,
        realm: &str,
        algorithm: DigestAlgorithm,
    ) {
        let _ = (users, realm, algorithm);
        #[cfg(feature = "tracing")]
        if !users.has_users(realm, algorithm) && self.is_first(realm, algorithm) {
            tracing::warn!(
                target: "auth_core",
                realm,
                %algorithm,
                "a policy offers Digest with a realm and an algorithm that the store has no users for: a hash holds for \
                 the realm and the algorithm that it was made with{}",
                named(users.kinds()),
            );
        }
    }

    /// A policy offers `auth-int`, and who takes it will be answered 500: few clients do, so it shows late.
    pub(super) fn content_out_of_sight(&self, realm: &str) {
        let _ = realm;
        #[cfg(feature = "tracing")]
        if !self.out_of_sight.swap(true, Ordering::Relaxed) {
            tracing::error!(
                target: "auth_core",
                realm,
                "a policy offers `auth-int`, and {OUT_OF_SIGHT}; until then whoever takes it is answered 500",
            );
        }
    }

    /// The users are others: what was told may be worth telling again.
    pub(super) fn users_changed(&self) {
        #[cfg(feature = "tracing")]
        self.told().clear();
    }

    #[cfg(feature = "tracing")]
    fn is_first(&self, realm: &str, algorithm: DigestAlgorithm) -> bool {
        let mut told = self.told();
        told.len() < MAX_TOLD && told.insert((realm.to_owned(), algorithm.name()))
    }

    #[cfg(feature = "tracing")]
    fn told(&self) -> std::sync::MutexGuard<'_, BTreeSet<(String, &'static str)>> {
        self.no_users.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What there is, as far as it is known, for the end of a line.
#[cfg(feature = "tracing")]
fn named(mut kinds: Vec<(String, DigestAlgorithm)>) -> String {
    kinds.sort_by(|(a, one), (b, other)| (a, one.name()).cmp(&(b, other.name())));
    let more = kinds.len().saturating_sub(MAX_NAMED);
    kinds.truncate(MAX_NAMED);
    let mut named = String::new();
    for (realm, algorithm) in kinds {
        let before = if named.is_empty() {
            "; the store has"
        } else {
            ","
        };
        // As Rust writes it: a line is one line whatever a store calls a realm.
        // Writing to a string does not fail.
        let _ = write!(named, "{before} realm {realm:?} {algorithm}");
    }
    if more > 0 {
        let _ = write!(named, ", and {more} more");
    }
    named
}

#[cfg(all(test, feature = "tracing"))]
mod tests {
    use super::*;

    #[test]
    fn what_a_store_has_is_named_in_order_and_bounded() {
        assert_eq!(named(Vec::new()), "");
        let kind = |realm: &str, algorithm| (realm.to_owned(), algorithm);
        let few = vec![
            kind("b\n", DigestAlgorithm::Sha256),
            kind("a", DigestAlgorithm::Sha256),
            kind("a", DigestAlgorithm::Md5),
        ];
        assert_eq!(
            named(few),
            "; the store has realm \"a\" MD5, realm \"a\" SHA-256, realm \"b\\n\" SHA-256"
        );
        let many = (0..100).map(|at| kind(&at.to_string(), DigestAlgorithm::Md5));
        let many = named(many.collect());
        assert!(many.ends_with(" MD5, and 92 more"), "{many}");
        assert_eq!(many.matches("realm").count(), 8);
    }

    #[test]
    fn each_realm_and_algorithm_is_told_once_until_the_users_change() {
        let hints = Hints::default();
        let first = |realm: &str, algorithm| hints.is_first(realm, algorithm);
        assert!(first("a", DigestAlgorithm::Md5));
        assert!(first("a", DigestAlgorithm::Sha256));
        assert!(first("b", DigestAlgorithm::Md5));
        assert!(!first("a", DigestAlgorithm::Md5));
        hints.users_changed();
        assert!(first("a", DigestAlgorithm::Md5));
        // Whoever has a policy for each path is not told without end.
        let told = (0..100).filter(|at| first(&at.to_string(), DigestAlgorithm::Md5));
        assert_eq!(told.count(), MAX_TOLD - 1);
    }
}
