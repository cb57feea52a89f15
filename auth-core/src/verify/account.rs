//! What a user store keeps beside the hash.

use core::fmt;
use std::sync::Arc;

use super::Grants;

/// Whom a password admits, and what is granted: an identity turns into one by itself.
///
/// ```
/// use auth_core::{Account, Grants};
/// #[derive(Clone)]
/// struct User { name: &'static str }
///
/// let plain: Account<User> = User { name: "ada" }.into();
/// let with_scopes = Account::new(User { name: "ada" })
///     .with_grants(Grants::none().with_scopes(["orders:read"]));
/// # let _ = (plain, with_scopes);
/// ```
pub struct Account<U> {
    /// `None`: disabled.
    pub(super) identity: Option<Arc<U>>,
    pub(super) grants: Grants,
}

impl<U> Account<U> {
    /// An account without grants.
    pub fn new(identity: U) -> Self {
        Self::shared(Arc::new(identity))
    }

    /// The same, for an identity that others hold too.
    pub fn shared(identity: Arc<U>) -> Self {
        Self {
            identity: Some(identity),
            grants: Grants::none(),
        }
    }

    /// An account that exists and admits nobody: its right password is answered as a wrong one is.
    #[must_use]
    pub fn disabled() -> Self {
        Self {
            identity: None,
            grants: Grants::none(),
        }
    }

    /// Adds what the account grants. Where the grants [expire](Grants::expiring_at), the account admits
    /// nobody from that second on.
    #[must_use]
    pub fn with_grants(mut self, grants: Grants) -> Self {
        self.grants = grants;
        self
    }
}

/// The identity is shared, not copied.
impl<U> Clone for Account<U> {
    fn clone(&self) -> Self {
        Self {
            identity: self.identity.clone(),
            grants: self.grants.clone(),
        }
    }
}

impl<U> From<U> for Account<U> {
    fn from(identity: U) -> Self {
        Self::new(identity)
    }
}

impl<U> fmt::Debug for Account<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Account([redacted])")
    }
}
