//! Who knows the users.

mod closure;
mod error;
mod htdigest;
mod list;
mod table;
pub(super) mod terms;

pub use closure::{AsyncDigestUsersFn, DigestUsersFn};
pub use error::DigestUsersError;
pub use htdigest::{Htdigest, htdigest_line};
pub use list::{DigestUserList, DigestUserListBuilder};

use core::fmt;
use core::future::Future;
use std::borrow::Cow;
use std::sync::Arc;

use auth_syntax::DigestAlgorithm;
use zeroize::Zeroizing;

use super::hash::DigestHash;
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::DigestUser;
use crate::verify::{Grants, Verified, text};

/// Knows the users of a realm by their [`DigestHash`], never by their passwords (RFC 7616 §5.2).
///
/// [`DigestUserList`] and the file [`Htdigest`] come along; [`DigestUsersFn`] and [`AsyncDigestUsersFn`] make one of a
/// closure. One that asks a database:
///
/// ```
/// use auth_core::digest::{DigestHash, DigestLookup, DigestUserEntry, DigestUsers};
/// use auth_core::{Cause, DigestAlgorithm, DigestUser};
///
/// #[derive(Clone)]
/// struct User { id: u64 }
///
/// struct Database {
///     // and a pool of connections
///     /// `SELECT DISTINCT realm, algorithm FROM digest_users`, at the start.
///     kinds: Vec<(String, DigestAlgorithm)>,
/// }
///
/// impl DigestUsers for Database {
///     type Identity = User;
///
///     async fn find<'r>(
///         &'r self,
///         wanted: DigestLookup<'r>,
///     ) -> Result<Option<DigestUserEntry<User>>, Cause> {
///         // One row for each user, realm and algorithm, with the columns `name`, `user_hash`, `hash`.
///         let row = match wanted.user() {
///             DigestUser::Plain(name) => self.by_name(name, &wanted).await,
///             DigestUser::Hashed(hash) => self.by_user_hash(hash, &wanted).await,
///         };
///         let Some((id, hash)) = row else {
///             return Ok(None);
///         };
///         let hash = DigestHash::from_hex(wanted.algorithm(), &hash)
///             .map_err(|error| Cause::NotConfigured(error.to_string().into()))?;
///         Ok(Some(DigestUserEntry::new(hash, User { id })))
///     }
///
///     // These two are for the log alone.
///     fn has_users(&self, realm: &str, algorithm: DigestAlgorithm) -> bool {
///         self.kinds.iter().any(|(of, with)| of == realm && *with == algorithm)
///     }
///
///     fn kinds(&self) -> Vec<(String, DigestAlgorithm)> {
///         self.kinds.clone()
///     }
/// }
/// # impl Database {
/// #     async fn by_name(&self, _: &str, _: &DigestLookup<'_>) -> Option<(u64, String)> { None }
/// #     async fn by_user_hash(&self, _: &str, _: &DigestLookup<'_>) -> Option<(u64, String)> { None }
/// # }
/// ```
///
/// # Equal work
/// For a user that there is not the verifier hashes what it hashes for one that there is. The look-up itself is yours: do
/// the same for both, one query say.
///
/// # Errors
/// A store that does not answer is [`Cause::Unavailable`], never `Ok(None)`.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not know the users of Digest",
    label = "not a store of users",
    note = "a store is one of `DigestUserList`, `Htdigest`, a closure in `DigestUsersFn` or `AsyncDigestUsersFn`, or a type of yours that implements `auth_core::digest::DigestUsers`"
)]
pub trait DigestUsers: Send + Sync {
    /// Whom it yields.
    type Identity: Clone + Send + Sync + 'static;

    /// The user, if there is one who is admitted and has a hash of this algorithm for this realm; else `None`. Nothing that
    /// the client sent is verified yet.
    fn find<'r>(
        &'r self,
        wanted: DigestLookup<'r>,
    ) -> impl Future<Output = Result<Option<DigestUserEntry<Self::Identity>>, Cause>> + Send + 'r;

    /// Whether anybody has a hash of this algorithm, never a `-sess` variant, for this realm. Where the store knows that
    /// nobody has, the log says so once for each realm and algorithm (feature `tracing`): a realm that was spelled in two
    /// ways is a riddle otherwise. It decides nothing. It is asked for each user that there is not: answer at once.
    fn has_users(&self, realm: &str, algorithm: DigestAlgorithm) -> bool {
        let _ = (realm, algorithm);
        true
    }

    /// The realms and algorithms that there are hashes for, in any order: the log names some of them where it says that
    /// there are none for another. Nothing, unless the store tells.
    fn kinds(&self) -> Vec<(String, DigestAlgorithm)> {
        Vec::new()
    }
}

impl<D: DigestUsers> DigestUsers for Arc<D> {
    type Identity = D::Identity;

    fn find<'r>(
        &'r self,
        wanted: DigestLookup<'r>,
    ) -> impl Future<Output = Result<Option<DigestUserEntry<Self::Identity>>, Cause>> + Send + 'r
    {
        D::find(self, wanted)
    }

    fn has_users(&self, realm: &str, algorithm: DigestAlgorithm) -> bool {
        D::has_users(self, realm, algorithm)
    }

    fn kinds(&self) -> Vec<(String, DigestAlgorithm)> {
        D::kinds(self)
    }
}

/// Whom a verifier asks for.
///
/// The tests of a store make their own:
///
/// ```
/// use auth_core::digest::DigestLookup;
/// use auth_core::{DigestAlgorithm, DigestUser};
///
/// let decomposed = DigestUser::Plain("cafe\u{301}");
/// let wanted = DigestLookup::new(decomposed, "api@example.org", DigestAlgorithm::Sha256Sess).unwrap();
/// assert!(wanted.user() == DigestUser::Plain("caf\u{e9}"));
/// assert_eq!(wanted.realm(), "api@example.org");
/// assert_eq!(wanted.algorithm(), DigestAlgorithm::Sha256);
/// ```
#[derive(Clone)]
pub struct DigestLookup<'r> {
    user: Named<'r>,
    realm: Cow<'r, str>,
    algorithm: DigestAlgorithm,
}

#[derive(Clone)]
enum Named<'r> {
    /// In normalisation form C. It is cleared because people type passwords into fields for names.
    Plain(Zeroizing<String>),
    Hashed(Cow<'r, str>),
}

impl<'r> DigestLookup<'r> {
    /// A user of a realm, by the hash of an algorithm; `None` for a name of more than 1024 octets (in normalisation form C),
    /// which no user has.
    #[must_use]
    pub fn new(user: DigestUser<'r>, realm: &'r str, algorithm: DigestAlgorithm) -> Option<Self> {
        let user = match user {
            DigestUser::Plain(name) => Named::Plain(text::normal(name)?),
            DigestUser::Hashed(hash) if hash.len() > text::MAX_LEN => return None,
            DigestUser::Hashed(hash) => Named::Hashed(Cow::Borrowed(hash)),
        };
        Some(Self {
            user,
            realm: Cow::Borrowed(realm),
            algorithm: algorithm.base(),
        })
    }

    /// The user: a name in Unicode normalisation form C (RFC 7616 §4), or its hash (§3.4.4; see
    /// [`user_hash`](super::user_hash)).
    #[must_use]
    pub fn user(&self) -> DigestUser<'_> {
        match &self.user {
            Named::Plain(name) => DigestUser::Plain(name),
            Named::Hashed(hash) => DigestUser::Hashed(hash),
        }
    }

    /// The realm of the policy.
    #[must_use]
    pub fn realm(&self) -> &str {
        &self.realm
    }

    /// The algorithm, never a `-sess` variant: those use the hashes of the one that they vary.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// The same, without what it borrows from the request.
    #[must_use]
    pub fn into_owned(self) -> DigestLookup<'static> {
        DigestLookup {
            user: match self.user {
                Named::Plain(name) => Named::Plain(name),
                Named::Hashed(hash) => Named::Hashed(Cow::Owned(hash.into_owned())),
            },
            realm: Cow::Owned(self.realm.into_owned()),
            algorithm: self.algorithm,
        }
    }
}

/// Prints nothing of the name.
impl fmt::Debug for DigestLookup<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestLookup")
            .field("user", &self.user())
            .field("realm", &self.realm)
            .field("algorithm", &self.algorithm)
            .finish()
    }
}

/// A user that a store found: by what hash, whom it admits, and what is granted.
///
/// ```
/// use auth_core::digest::{DigestHash, DigestUserEntry};
/// use auth_core::{DigestAlgorithm, Grants};
///
/// let hash = DigestHash::new(DigestAlgorithm::Sha256, "Mufasa", "http-auth@example.org", "Circle of Life")?;
/// let entry = DigestUserEntry::new(hash, "the king").with_grants(Grants::none().with_roles(["admin"]));
/// assert_eq!(*entry.identity(), "the king");
/// # Ok::<(), auth_core::digest::DigestUsersError>(())
/// ```
pub struct DigestUserEntry<I> {
    hash: DigestHash,
    verified: Verified<I>,
}

impl<I> DigestUserEntry<I> {
    /// A user without grants.
    pub fn new(hash: DigestHash, identity: I) -> Self {
        let verified = Verified::new(identity);
        Self { hash, verified }
    }

    /// The same, for an identity that the store keeps: it is shared with the handler, not copied.
    pub fn shared(hash: DigestHash, identity: Arc<I>) -> Self {
        let verified = Verified::shared(identity);
        Self { hash, verified }
    }

    /// Adds what the user is granted. Where the grants [expire](Grants::expiring_at), the user is refused from that second
    /// on.
    #[must_use]
    pub fn with_grants(mut self, grants: Grants) -> Self {
        self.verified = self.verified.with_grants(grants);
        self
    }

    /// By what the user is known.
    pub fn hash(&self) -> &DigestHash {
        &self.hash
    }

    /// Whom the hash admits.
    pub fn identity(&self) -> &I {
        self.verified.identity()
    }

    /// What the user is granted.
    pub fn grants(&self) -> &Grants {
        self.verified.grants()
    }

    pub(super) fn has_ended(&self, request: &RequestView<'_>) -> bool {
        self.verified.has_ended(request)
    }

    /// For the verifier, once the digest was right.
    pub(super) fn into_verified(self) -> Verified<I> {
        self.verified
    }
}

impl<I> fmt::Debug for DigestUserEntry<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("DigestUserEntry([redacted])")
    }
}

#[cfg(test)]
mod tests;
