//! User names and passwords, for Basic.

mod builder;
mod create;
mod error;
mod htpasswd;
mod pool;
mod stored;
mod users;
mod work;

pub use builder::PasswordsBuilder;
pub use create::{HashPasswordError, hash_password};
pub use error::{LimitExceeded, PasswordsError, RefusedHash};

use core::fmt;
use std::sync::Arc;

use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{Basic, BasicCredentials, Scheme};
use crate::verify::{Verified, Verifier};

use pool::{Pool, unavailable};
use users::Users;
use work::{HashFailed, Hasher};

/// Checks user names and passwords against stored hashes: a verifier for [`Basic`].
///
/// ```
/// use auth_core::{Passwords, PasswordsError};
/// #[derive(Clone)]
/// struct User { name: String }
///
/// # fn main() -> Result<(), PasswordsError> {
/// let passwords = Passwords::<User>::builder()
///     // made with `auth_core::hash_password`, or any tool that writes PHC strings
///     .user(
///         "ada",
///         "$argon2id$v=19$m=19456,t=2,p=1$1FqVSWP1L+BaV5R0/Qa0rQ$SCq4pOQg55HoiDZQ5y+xipMzTnHzQo55MZusu/xUSEU",
///         User { name: "ada".into() },
///     )?
///     .build()?;
/// # let _ = passwords;
/// # Ok(())
/// # }
/// ```
///
/// # Hashes
/// Argon2id and Argon2i (RFC 9106) and scrypt (RFC 7914) as PHC strings, and bcrypt (`$2a$`, `$2b$`,
/// `$2y$`). One hash may ask for at most 256 MiB of memory and 4 GiB of memory times passes; the cost
/// of bcrypt is at most 16. Parameters that are weak are accepted: they are the store's matter.
///
/// # Passwords
/// User name and password are compared in Unicode normalisation form C (RFC 7617 §2.1). A password of
/// more than 1024 octets never matches; one of more than 72 octets never matches a bcrypt hash, which
/// reads no further. An empty password matches only if somebody stored its hash.
///
/// # Equal work
/// An unknown user, a disabled one, a wrong password and the right one cost the same: every attempt
/// runs each pair of algorithm and parameters that occurs in the store exactly once, with the user's
/// own hash where it is of that pair and with a dummy elsewhere. A store whose hashes are all of one
/// kind, the usual case, costs one hash for each attempt; while a store moves from one kind to another
/// an attempt costs the sum of both. There are at most 8 kinds. `Debug` prints which.
///
/// # Threads
/// Hashing takes place on tokio's blocking threads, at most
/// [`workers`](PasswordsBuilder::workers) at a time. When more than
/// [`queue`](PasswordsBuilder::queue) attempts wait, the next is answered 503 with `Retry-After`.
/// Each worker keeps the memory of the costliest Argon2 hash that it has run.
///
/// # Errors
/// [`Cause::InvalidCredentials`] for whoever is not admitted, whatever the reason;
/// [`Cause::Unavailable`] when the queue is full or hashing failed; [`Cause::NotConfigured`] outside a
/// tokio runtime.
pub struct Passwords<U> {
    users: Arc<Users<U>>,
    hasher: Arc<dyn Hasher>,
    pool: Pool,
}

impl<U> Passwords<U> {
    /// Begins an empty store.
    #[must_use]
    pub fn builder() -> PasswordsBuilder<U> {
        PasswordsBuilder::new()
    }
}

impl<U: Clone + Send + Sync + 'static> Verifier for Passwords<U> {
    type Scheme = Basic;
    type Identity = U;

    async fn verify<'r>(
        &'r self,
        credentials: BasicCredentials<'r>,
        _request: &'r RequestView<'r>,
    ) -> Result<Verified<U>, Cause> {
        let credentials = <Basic as Scheme>::to_owned(credentials);
        let (users, hasher) = (Arc::clone(&self.users), Arc::clone(&self.hasher));
        let checked = self
            .pool
            .run(move || users.check(&*hasher, &credentials))
            .await?;
        let admitted = checked.map_err(|HashFailed| unavailable("a password hash failed"))?;
        let (identity, grants) = admitted.ok_or(Cause::InvalidCredentials)?;
        Ok(Verified::shared(identity).with_grants(grants))
    }
}

/// Prints how many users there are and what an attempt costs; no name and no hash.
impl<U> fmt::Debug for Passwords<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let works: Vec<_> = self.users.works().map(|work| work.to_string()).collect();
        f.debug_struct("Passwords")
            .field("users", &self.users.len())
            .field("each_attempt", &works)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests;
