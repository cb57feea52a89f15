//! Users that the program names.

use core::fmt;
use core::future::{Future, ready};

use auth_syntax::DigestAlgorithm;

use super::error::DigestUsersError;
use super::table::Table;
use super::{DigestLookup, DigestUserEntry, DigestUsers, htdigest, terms};
use crate::refusal::Cause;
use crate::verify::Account;
use crate::verify::digest::hash::DigestHash;

/// A list of users, which does not change. Only hashes are kept.
///
/// ```
/// use auth_core::DigestAlgorithm;
/// use auth_core::digest::{DigestHash, DigestUserList};
/// #[derive(Clone)]
/// struct User { name: &'static str }
///
/// // The realm of the policy, and an algorithm that it offers; one pair for each of both.
/// let users = DigestUserList::builder([("http-auth@example.org", DigestAlgorithm::Sha256)])
///     // hashed now; from the environment, say
///     .user("Mufasa", "Circle of Life", User { name: "Mufasa" })?
///     // hashed before
///     .user_with_hash(
///         "Simba",
///         "http-auth@example.org",
///         DigestHash::from_hex(
///             DigestAlgorithm::Sha256,
///             "f00b4a7d0438252a6b2851c1b7a79c71aea31404ec7e8e781cf276a0dc804caa",
///         )?,
///         User { name: "Simba" },
///     )?
///     .build()?;
/// # let _ = users;
/// # Ok::<(), auth_core::digest::DigestUsersError>(())
/// ```
///
/// A user is found by name, compared in Unicode normalisation form C (RFC 7616 §4), and by hashed name (§3.4.4). The names
/// of one realm are not those of another.
pub struct DigestUserList<U>(pub(super) Table<U>);

/// Puts a [`DigestUserList`] together; begun with [`DigestUserList::builder`].
pub struct DigestUserListBuilder<U> {
    /// No session variant, none twice.
    kinds: Vec<(Box<str>, DigestAlgorithm)>,
    users: Table<U>,
}

impl<U> DigestUserList<U> {
    /// Begins a list. `kinds` are the realms and algorithms that [passwords](DigestUserListBuilder::user) are hashed for:
    /// those of the policies; a `-sess` variant counts as the algorithm that it varies.
    #[must_use]
    pub fn builder<R: Into<Box<str>>>(
        kinds: impl IntoIterator<Item = (R, DigestAlgorithm)>,
    ) -> DigestUserListBuilder<U> {
        let mut distinct = Vec::new();
        for (realm, algorithm) in kinds {
            let kind = (realm.into(), algorithm.base());
            if !distinct.contains(&kind) {
                distinct.push(kind);
            }
        }
        DigestUserListBuilder {
            kinds: distinct,
            users: Table::new(),
        }
    }
}

impl<U> DigestUserListBuilder<U> {
    /// Adds a user with a password, which is hashed for each of the realms and algorithms that the list was begun with and
    /// is not kept.
    ///
    /// # Errors
    /// A user who is there already, and what [`DigestHash::new`] refuses; [`DigestUsersError::InvalidRealm`] also if the
    /// list was begun without a realm.
    pub fn user(
        mut self,
        name: &str,
        password: &str,
        account: impl Into<Account<U>>,
    ) -> Result<Self, DigestUsersError> {
        if self.kinds.is_empty() {
            return Err(DigestUsersError::InvalidRealm);
        }
        let name = terms::user_name(name)?;
        let account = account.into();
        for (realm, algorithm) in &self.kinds {
            let hash = DigestHash::new(*algorithm, &name, realm, password)?;
            self.users.insert(&name, realm, hash, account.clone())?;
        }
        Ok(self)
    }

    /// Adds a user with a hash, which holds for this realm and the algorithm of the hash.
    ///
    /// # Errors
    /// A user who is there already, and names and realms that no request can be about.
    pub fn user_with_hash(
        mut self,
        name: &str,
        realm: &str,
        hash: DigestHash,
        account: impl Into<Account<U>>,
    ) -> Result<Self, DigestUsersError> {
        self.users.insert(name, realm, hash, account.into())?;
        Ok(self)
    }

    /// Adds the users of a text in the form of an [`Htdigest`](super::Htdigest) file; `account` says whom a user of a realm
    /// admits.
    ///
    /// ```
    /// use auth_core::digest::DigestUserList;
    /// #[derive(Clone)]
    /// struct User { name: String }
    ///
    /// let text = "Mufasa:http-auth@example.org:7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232\n";
    /// let user = |name: &str, _realm: &str| User { name: name.to_owned() };
    /// let users = DigestUserList::builder::<&str>([]).htdigest(text, user)?.build()?;
    /// # let _ = users;
    ///
    /// let error = DigestUserList::builder::<&str>([]).htdigest("Mufasa:7987c64c\n", user).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "line 1: an entry is `user:realm:hash`, three fields with a colon between each two, and this line has 2; a file \
    ///      of htpasswd, with two, is one for `auth_core::Passwords`"
    /// );
    /// # Ok::<(), auth_core::digest::DigestUsersError>(())
    /// ```
    ///
    /// # Errors
    /// [`DigestUsersError::Line`] with the number of the first line that is wrong.
    pub fn htdigest<A: Into<Account<U>>>(
        mut self,
        text: &str,
        mut account: impl FnMut(&str, &str) -> A,
    ) -> Result<Self, DigestUsersError> {
        htdigest::read_into(&mut self.users, text, |name, realm| {
            account(name, realm).into()
        })?;
        Ok(self)
    }

    /// Ends the list.
    ///
    /// # Errors
    /// [`DigestUsersError::NoUsers`] if it is empty.
    pub fn build(self) -> Result<DigestUserList<U>, DigestUsersError> {
        if self.users.len() == 0 {
            return Err(DigestUsersError::NoUsers);
        }
        Ok(DigestUserList(self.users))
    }
}

impl<U: Clone + Send + Sync + 'static> DigestUsers for DigestUserList<U> {
    type Identity = U;

    fn find<'r>(
        &'r self,
        wanted: DigestLookup<'r>,
    ) -> impl Future<Output = Result<Option<DigestUserEntry<U>>, Cause>> + Send + 'r {
        ready(Ok(self.0.find(&wanted)))
    }

    fn has_users(&self, realm: &str, algorithm: DigestAlgorithm) -> bool {
        self.0.has(realm, algorithm)
    }

    fn kinds(&self) -> Vec<(String, DigestAlgorithm)> {
        self.0.kinds()
    }
}

/// Prints how many hashes there are, and none of them.
impl<U> fmt::Debug for DigestUserList<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestUserList")
            .field("hashes", &self.0.len())
            .finish_non_exhaustive()
    }
}

/// Prints how many hashes there are, and none of them.
impl<U> fmt::Debug for DigestUserListBuilder<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestUserListBuilder")
            .field("kinds", &self.kinds)
            .field("hashes", &self.users.len())
            .finish_non_exhaustive()
    }
}
