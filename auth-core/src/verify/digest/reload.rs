//! Verifiers whose users are read again.

use std::sync::Arc;

use super::users::{DigestUsersError, Htdigest};
use super::verifier::DigestVerifier;

impl<U> DigestVerifier<Htdigest<U>> {
    /// Reads the file of users again, as [`Htdigest::reload`] does. This blocks while the file is read.
    ///
    /// ```no_run
    /// use auth_core::digest::{DigestVerifier, Htdigest};
    ///
    /// fn changed(users: &DigestVerifier<Htdigest<String>>) {
    ///     match users.reload() {
    ///         Ok(hashes) => println!("{hashes} hashes were read"),
    ///         Err(error) => eprintln!("the users are those from before: {error}"),
    ///     }
    /// }
    /// ```
    ///
    /// What the log says once of realms and algorithms without users, it may say anew.
    ///
    /// # Errors
    /// As for [`Htdigest::reload`]: the users stay as they were.
    pub fn reload(&self) -> Result<usize, DigestUsersError> {
        let hashes = self.users().reload()?;
        self.0.hints.users_changed();
        Ok(hashes)
    }
}

impl<U> DigestVerifier<Arc<Htdigest<U>>> {
    /// Reads the file of users again, as [`Htdigest::reload`] does, for all who share it. This blocks while the file is
    /// read.
    ///
    /// What the log says once of realms and algorithms without users, it may say anew.
    ///
    /// # Errors
    /// As for [`Htdigest::reload`]: the users stay as they were.
    pub fn reload(&self) -> Result<usize, DigestUsersError> {
        let hashes = self.users().reload()?;
        self.0.hints.users_changed();
        Ok(hashes)
    }
}
