//! What credentials grant.

use std::sync::Arc;

/// What verified credentials grant: scopes, and when they end. Cheap to clone.
///
/// ```
/// use auth_core::Grants;
/// let grants = Grants::none().with_scopes(["orders:read", "orders:write"]).expiring_at(1_759_312_800);
/// assert!(grants.has_scope("orders:read"));
/// assert!(!grants.has_scope("ORDERS:READ")); // RFC 6750 §3: case-sensitive
/// assert_eq!(grants.expires_at(), Some(1_759_312_800));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Grants(Option<Arc<Inner>>);

#[derive(Clone, Debug, Default)]
struct Inner {
    scopes: Vec<Box<str>>,
    expires_at: Option<u64>,
}

impl Grants {
    /// No grants: enough where a policy demands no scope.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Grants scopes; each is one scope-token (RFC 6749 §3.3), compared octet by octet.
    #[must_use]
    pub fn with_scopes<S: Into<Box<str>>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.changed(|inner| inner.scopes.extend(scopes.into_iter().map(Into::into)))
    }

    /// Says when the credentials end, in seconds since 1970-01-01T00:00:00Z. From then on they are
    /// refused, by the clock of the [`Settings`](crate::Settings).
    #[must_use]
    pub fn expiring_at(self, unix_seconds: u64) -> Self {
        self.changed(|inner| inner.expires_at = Some(unix_seconds))
    }

    /// Whether a scope is granted.
    #[must_use]
    pub fn has_scope(&self, scope: &str) -> bool {
        self.scopes().any(|granted| granted == scope)
    }

    /// The granted scopes.
    pub fn scopes(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|inner| inner.scopes.iter().map(AsRef::as_ref))
    }

    /// When the credentials end, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn expires_at(&self) -> Option<u64> {
        self.0.as_ref().and_then(|inner| inner.expires_at)
    }

    fn changed(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = self.0.map(Arc::unwrap_or_clone).unwrap_or_default();
        change(&mut inner);
        Self(Some(Arc::new(inner)))
    }
}
