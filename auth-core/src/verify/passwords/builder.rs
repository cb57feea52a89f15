//! How a user store is put together.

use core::fmt;
use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::error::PasswordsError;
use super::pool::Pool;
use super::users::Users;
use super::work::{Algorithms, Hasher};
use super::{Passwords, htpasswd};
use crate::verify::Account;

/// How many attempts wait unless something else is set.
const DEFAULT_QUEUE: usize = 64;

/// Puts a [`Passwords`] together; begun with [`Passwords::builder`].
pub struct PasswordsBuilder<U> {
    users: Users<U>,
    hasher: Arc<dyn Hasher>,
    workers: usize,
    queue: usize,
}

impl<U> PasswordsBuilder<U> {
    pub(super) fn new() -> Self {
        Self {
            users: Users::new(),
            hasher: Arc::new(Algorithms::default()),
            workers: Pool::default_workers(),
            queue: DEFAULT_QUEUE,
        }
    }

    /// Adds a user: the name, the hash of the password (a PHC or bcrypt string), and whom it admits.
    ///
    /// # Errors
    /// A name that is there already or that no request can present, and a hash that is not accepted.
    pub fn user(
        mut self,
        name: &str,
        hash: &str,
        account: impl Into<Account<U>>,
    ) -> Result<Self, PasswordsError> {
        self.users.insert(name, hash, account.into())?;
        Ok(self)
    }

    /// Adds a user who is not admitted; the right password is answered as a wrong one is, and as
    /// late. The same as [`user`](Self::user) with [`Account::disabled`].
    ///
    /// # Errors
    /// As for [`user`](Self::user).
    pub fn disabled_user(self, name: &str, hash: &str) -> Result<Self, PasswordsError> {
        self.user(name, hash, Account::disabled())
    }

    /// Adds the users of a text in the form of an htpasswd file: `name:hash` on each line, bcrypt
    /// (`htpasswd -B`) or PHC strings. Blank lines and lines that begin with `#` are left out, and what
    /// follows a second colon is ignored. `account` says whom a name admits.
    ///
    /// ```
    /// use auth_core::{Account, Passwords, PasswordsError, RefusedHash};
    /// #[derive(Clone)]
    /// struct User { name: String }
    ///
    /// let text = "ada:$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e\n";
    /// let user = |name: &str| User { name: name.to_owned() };
    /// assert!(Passwords::builder().htpasswd(text, user).is_ok());
    ///
    /// let old = "ada:$apr1$abcdefgh$sIQmFnT1CuEXAsyjuXjUX/\n";
    /// let error = Passwords::builder().htpasswd(old, user).unwrap_err();
    /// assert_eq!(
    ///     error.to_string(),
    ///     "line 1: an apr1 (MD5) entry is not accepted: make it anew with `htpasswd -B`, or as an Argon2id PHC string"
    /// );
    /// ```
    ///
    /// # Errors
    /// [`PasswordsError::Line`] with the number of the first line that is wrong.
    pub fn htpasswd<A: Into<Account<U>>>(
        mut self,
        text: &str,
        mut account: impl FnMut(&str) -> A,
    ) -> Result<Self, PasswordsError> {
        for (line, entry) in htpasswd::entries(text) {
            entry
                .and_then(|(name, hash)| self.users.insert(name, hash, account(name).into()))
                .map_err(|problem| PasswordsError::Line {
                    line,
                    problem: Box::new(problem),
                })?;
        }
        Ok(self)
    }

    /// Adds the users of an htpasswd file. It is read now, not again: build anew when it changes.
    ///
    /// # Errors
    /// [`PasswordsError::File`], and as for [`htpasswd`](Self::htpasswd).
    pub fn htpasswd_file<A: Into<Account<U>>>(
        self,
        path: impl AsRef<Path>,
        account: impl FnMut(&str) -> A,
    ) -> Result<Self, PasswordsError> {
        let path = path.as_ref();
        fs::read_to_string(path)
            .map_err(PasswordsError::Unreadable)
            .and_then(|text| self.htpasswd(&text, account))
            .map_err(|problem| PasswordsError::File {
                path: path.to_owned(),
                problem: Box::new(problem),
            })
    }

    /// How many passwords are hashed at a time; at least 1. All processors but one, unless set.
    #[must_use]
    pub fn workers(mut self, workers: usize) -> Self {
        self.workers = workers.max(1);
        self
    }

    /// How many attempts may wait for a worker; 64 unless set. With 0 none waits. The time that the last
    /// one waits is the length of the queue times the cost of an attempt, divided by the workers.
    #[must_use]
    pub fn queue(mut self, attempts: usize) -> Self {
        self.queue = attempts;
        self
    }

    /// Ends the store.
    ///
    /// # Errors
    /// [`PasswordsError::NoUsers`] if there is none.
    pub fn build(self) -> Result<Passwords<U>, PasswordsError> {
        if self.users.len() == 0 {
            return Err(PasswordsError::NoUsers);
        }
        Ok(Passwords {
            users: Arc::new(self.users),
            hasher: self.hasher,
            pool: Pool::new(self.workers, self.queue),
        })
    }

    /// Puts another hasher in: one that counts or waits.
    #[cfg(test)]
    pub(super) fn hasher(mut self, hasher: Arc<dyn Hasher>) -> Self {
        self.hasher = hasher;
        self
    }
}

/// Prints how many users there are; no name and no hash.
impl<U> fmt::Debug for PasswordsBuilder<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PasswordsBuilder")
            .field("users", &self.users.len())
            .field("workers", &self.workers)
            .field("queue", &self.queue)
            .finish_non_exhaustive()
    }
}
