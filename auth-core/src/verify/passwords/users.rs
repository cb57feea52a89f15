//! The user store, and the one check that costs the same whoever is named.

use std::collections::HashMap;
use std::sync::Arc;

use subtle::Choice;

use super::error::PasswordsError;
use super::stored::Stored;
use super::work::{HashFailed, Hasher, Work};
use crate::scheme::BasicCredentials;
use crate::verify::{Account, Grants, text};

/// Most different works in one store.
const MAX_WORKS: usize = 8;

/// Users by name, in normalisation form C.
pub(super) struct Users<U> {
    by_name: HashMap<String, (Stored, Account<U>)>,
    /// For each work that occurs in the store, a hash that nobody's password matches.
    dummies: Vec<Stored>,
}

impl<U> Users<U> {
    pub(super) fn new() -> Self {
        Self {
            by_name: HashMap::new(),
            dummies: Vec::new(),
        }
    }

    pub(super) fn insert(
        &mut self,
        name: &str,
        hash: &str,
        account: Account<U>,
    ) -> Result<(), PasswordsError> {
        if name.contains(|c: char| c == ':' || c.is_control()) {
            return Err(PasswordsError::InvalidUserName);
        }
        let name = text::normal(name).ok_or(PasswordsError::InvalidUserName)?;
        let stored = Stored::parse(hash)?;
        if self.by_name.contains_key(name.as_str()) {
            return Err(PasswordsError::DuplicateUser);
        }
        if !self.works().any(|work| work == stored.work) {
            if self.dummies.len() == MAX_WORKS {
                return Err(PasswordsError::TooManyWorks);
            }
            self.dummies.push(Stored::dummy(stored.work)?);
        }
        self.by_name
            .insert(name.as_str().to_owned(), (stored, account));
        Ok(())
    }

    pub(super) fn len(&self) -> usize {
        self.by_name.len()
    }

    /// What every attempt costs: one run of each.
    pub(super) fn works(&self) -> impl Iterator<Item = Work> {
        self.dummies.iter().map(|dummy| dummy.work)
    }

    /// Whom the credentials belong to.
    ///
    /// DD18: whoever is named, and whatever the password, each work of the store is run exactly once,
    /// in the same order: with the user's own hash where it is of that work, else with the dummy.
    /// Nothing is decided before the last run.
    pub(super) fn check(
        &self,
        hasher: &dyn Hasher,
        credentials: &BasicCredentials<'_>,
    ) -> Result<Option<(Arc<U>, Grants)>, HashFailed> {
        let user =
            text::normal(credentials.user_id()).and_then(|name| self.by_name.get(name.as_str()));
        let normal = text::normal(credentials.expose_password());
        // A password that is too long is hashed as an empty one, and does not match.
        let password = normal.as_deref().map_or("", |password| password).as_bytes();
        let mut matched = Choice::from(0);
        for dummy in &self.dummies {
            let own = user
                .map(|(stored, _)| stored)
                .filter(|stored| stored.work == dummy.work);
            let longest = dummy.work.max_password_len();
            let whole = normal.is_some() && password.len() <= longest;
            let beginning = password.get(..longest).unwrap_or(password);
            let same = own.unwrap_or(dummy).matches(hasher, beginning)?;
            matched |= same & Choice::from(u8::from(whole && own.is_some()));
        }
        Ok(user.filter(|_| matched.into()).and_then(|(_, account)| {
            let identity = account.identity.as_ref()?;
            Some((Arc::clone(identity), account.grants.clone()))
        }))
    }
}
