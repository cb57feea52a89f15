//! What credentials grant.

use std::sync::Arc;

#[cfg(feature = "jwt")]
use super::TokenFacts;

/// What verified credentials grant: scopes and roles, how and when the user was authenticated, and when
/// the credentials end. Cheap to clone.
///
/// ```
/// use auth_core::Grants;
/// let grants = Grants::none()
///     .with_scopes(["orders:read", "orders:write"])
///     .with_roles(["clerk"])
///     .expiring_at(1_759_312_800);
/// assert!(grants.has_scope("orders:read"));
/// assert!(!grants.has_scope("ORDERS:READ")); // RFC 6750 §3: case-sensitive
/// assert!(grants.has_role("clerk"));
/// assert_eq!(grants.expires_at(), Some(1_759_312_800));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Grants(Option<Arc<Inner>>);

#[derive(Clone, Debug, Default)]
struct Inner {
    scopes: Vec<Box<str>>,
    roles: Vec<Box<str>>,
    expires_at: Option<u64>,
    acr: Option<Box<str>>,
    auth_time: Option<u64>,
    #[cfg(feature = "jwt")]
    token: Option<Arc<TokenFacts>>,
}

impl Grants {
    /// No grants: enough where a policy demands no scope, no role and no step-up.
    #[must_use]
    pub const fn none() -> Self {
        Self(None)
    }

    /// Grants scopes; each is one scope-token (RFC 6749 §3.3), compared octet by octet.
    #[must_use]
    pub fn with_scopes<S: Into<Box<str>>>(self, scopes: impl IntoIterator<Item = S>) -> Self {
        self.changed(|inner| inner.scopes.extend(scopes.into_iter().map(Into::into)))
    }

    /// Grants roles; each is compared octet by octet, and may be any text.
    #[must_use]
    pub fn with_roles<S: Into<Box<str>>>(self, roles: impl IntoIterator<Item = S>) -> Self {
        self.changed(|inner| inner.roles.extend(roles.into_iter().map(Into::into)))
    }

    /// Says by which authentication context class the user was authenticated (`acr`, RFC 9470 §6.1).
    ///
    /// ```
    /// use auth_core::Grants;
    /// let grants = Grants::none().with_acr("phr").with_auth_time(1_759_312_800);
    /// assert_eq!(grants.acr(), Some("phr"));
    /// assert_eq!(grants.auth_time(), Some(1_759_312_800));
    /// ```
    #[must_use]
    pub fn with_acr(self, acr: impl Into<Box<str>>) -> Self {
        self.changed(|inner| inner.acr = Some(acr.into()))
    }

    /// Says when the user last authenticated (`auth_time`, RFC 9470 §6.1), in seconds since
    /// 1970-01-01T00:00:00Z: not when the credentials were issued, nor when they were renewed.
    #[must_use]
    pub fn with_auth_time(self, unix_seconds: u64) -> Self {
        self.changed(|inner| inner.auth_time = Some(unix_seconds))
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

    /// Whether a role is granted.
    #[must_use]
    pub fn has_role(&self, role: &str) -> bool {
        self.roles().any(|granted| granted == role)
    }

    /// The granted roles.
    pub fn roles(&self) -> impl Iterator<Item = &str> {
        self.0
            .iter()
            .flat_map(|inner| inner.roles.iter().map(AsRef::as_ref))
    }

    /// The authentication context class by which the user was authenticated, if the verifier knows it.
    #[must_use]
    pub fn acr(&self) -> Option<&str> {
        self.0.as_ref().and_then(|inner| inner.acr.as_deref())
    }

    /// When the user last authenticated, in seconds since 1970-01-01T00:00:00Z, if the verifier knows it.
    #[must_use]
    pub fn auth_time(&self) -> Option<u64> {
        self.0.as_ref().and_then(|inner| inner.auth_time)
    }

    /// When the credentials end, in seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn expires_at(&self) -> Option<u64> {
        self.0.as_ref().and_then(|inner| inner.expires_at)
    }

    /// Says which token they come from. `JwtVerifier` and `Introspection` do.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn with_token(self, token: impl Into<Arc<TokenFacts>>) -> Self {
        self.changed(|inner| inner.token = Some(token.into()))
    }

    /// The token that they come from, if it was one whose verifier tells: to log it by its `jti`, say, or to
    /// [take it back](crate::Revocation). Of several tokens the first in declared order.
    #[cfg(feature = "jwt")]
    #[must_use]
    pub fn token(&self) -> Option<&TokenFacts> {
        self.0.as_ref().and_then(|inner| inner.token.as_deref())
    }

    /// What several credentials of one request grant together: all scopes and all roles, until the first
    /// of them ends.
    ///
    /// `acr` and `auth_time` tell of one authentication, so both are those of the first credentials
    /// that know either: a strong one from yesterday and a weak one from now make no strong one from now.
    pub(crate) fn merged(all: impl Iterator<Item = Self>) -> Self {
        let mut all = all.filter(|grants| grants.0.is_some());
        let first = all.next().unwrap_or_default();
        all.fold(first, Self::and)
    }

    fn and(self, other: Self) -> Self {
        let Some(other) = other.0.map(Arc::unwrap_or_clone) else {
            return self;
        };
        self.changed(|inner| {
            inner.scopes.extend(other.scopes);
            inner.roles.extend(other.roles);
            inner.expires_at = [inner.expires_at, other.expires_at]
                .into_iter()
                .flatten()
                .min();
            #[cfg(feature = "jwt")]
            if inner.token.is_none() {
                inner.token = other.token;
            }
            if inner.acr.is_none() && inner.auth_time.is_none() {
                (inner.acr, inner.auth_time) = (other.acr, other.auth_time);
            }
        })
    }

    fn changed(self, change: impl FnOnce(&mut Inner)) -> Self {
        let mut inner = self.0.map(Arc::unwrap_or_clone).unwrap_or_default();
        change(&mut inner);
        Self(Some(Arc::new(inner)))
    }
}

#[cfg(test)]
mod tests {
    use super::Grants;

    fn merged<const N: usize>(all: [Grants; N]) -> Grants {
        Grants::merged(all.into_iter())
    }

    #[test]
    fn names_are_compared_octet_by_octet() {
        let grants = Grants::none()
            .with_roles(["Admin", "caf\u{e9}"])
            .with_roles(["team lead"])
            .with_scopes(["read"]);
        for role in ["Admin", "caf\u{e9}", "team lead"] {
            assert!(grants.has_role(role), "{role}");
        }
        // Another case, another normalisation form, a part, and what is a scope.
        for other in ["admin", "cafe\u{301}", "team", "Admin ", "", "read"] {
            assert!(!grants.has_role(other), "{other}");
        }
        assert!(!grants.has_scope("Admin"));
        assert!(!Grants::none().has_role(""));
    }

    #[test]
    fn merged_grants_are_united_and_end_with_the_first() {
        let token = Grants::none()
            .with_scopes(["a"])
            .with_roles(["x"])
            .expiring_at(20);
        let key = Grants::none()
            .with_scopes(["b"])
            .with_roles(["y"])
            .expiring_at(10);
        for both in [
            merged([token.clone(), key.clone()]),
            merged([key, token.clone(), Grants::none()]),
        ] {
            assert!(["a", "b"].iter().all(|scope| both.has_scope(scope)));
            assert!(["x", "y"].iter().all(|role| both.has_role(role)));
            assert_eq!((both.scopes().count(), both.roles().count()), (2, 2));
            assert_eq!(both.expires_at(), Some(10));
        }
        let endless = Grants::none().with_roles(["z"]);
        let both = merged([Grants::none(), endless, token]);
        assert_eq!(both.expires_at(), Some(20));
        assert!(both.has_role("x") && both.has_role("z"));
        assert_eq!(merged([]).scopes().count(), 0);
    }

    #[test]
    fn s2_merged_grants_mix_no_two_authentications() {
        let strong = Grants::none().with_acr("strong");
        let recent = Grants::none().with_acr("weak").with_auth_time(9);
        let dated = Grants::none().with_auth_time(5);
        let told = |grants: Grants| (grants.acr().map(str::to_owned), grants.auth_time());
        let strong_undated = (Some("strong".to_owned()), None);
        assert_eq!(
            told(merged([strong.clone(), recent.clone()])),
            strong_undated
        );
        assert_eq!(
            told(merged([strong.clone(), dated.clone()])),
            strong_undated
        );
        assert_eq!(told(merged([dated, strong])), (None, Some(5)));
        let scopes = Grants::none().with_scopes(["a"]);
        let weak = (Some("weak".to_owned()), Some(9));
        assert_eq!(told(merged([scopes, recent])), weak);
    }

    #[cfg(feature = "jwt")]
    #[test]
    fn merged_grants_tell_of_the_first_token() {
        use crate::TokenFacts;
        let of = |issuer| Grants::none().with_token(TokenFacts::new(issuer));
        let issuer = |grants: Grants| grants.token().map(|token| token.issuer().to_owned());
        assert_eq!(issuer(merged([of("a"), of("b")])), Some("a".to_owned()));
        let key = Grants::none().with_roles(["x"]);
        assert_eq!(issuer(merged([key.clone(), of("b")])), Some("b".to_owned()));
        assert_eq!(issuer(key), None);
    }
}
