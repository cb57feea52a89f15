//! What the log is told once, since it is a riddle otherwise.

#[cfg(feature = "tracing")]
use core::sync::atomic::{AtomicBool, Ordering};

use auth_syntax::DigestAlgorithm;

/// What a verifier has told.
#[derive(Debug, Default)]
pub(super) struct Hints {
    /// That a realm has no users.
    #[cfg(feature = "tracing")]
    no_users: AtomicBool,
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

impl Hints {
    /// A policy has a realm or an algorithm that no user has a hash for: then nobody can log in.
    #[cfg_attr(
        not(feature = "tracing"),
        expect(
            clippy::unused_self,
            reason = "as with the feature, which knows something"
        )
    )]
    pub(super) fn no_users(&self, realm: &str, algorithm: DigestAlgorithm) {
        let _ = (realm, algorithm);
        #[cfg(feature = "tracing")]
        if !self.no_users.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                target: "auth_core",
                realm,
                %algorithm,
                "a policy offers Digest with a realm and an algorithm that the store has no users for: a hash holds for \
                 the realm and the algorithm that it was made with",
            );
        }
    }
}
