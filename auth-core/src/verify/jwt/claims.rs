//! What the registered claims (RFC 7519 §4.1, RFC 9068 §2.2) must say.

use core::ops::Range;
use std::borrow::Cow;
use std::sync::Arc;

use super::Profile;
use super::typed::{Typed, seconds, whole};
use crate::refusal::Cause;
use crate::verify::{Grants, TokenFacts};

/// What a token must say.
pub(super) struct Demands<'v> {
    pub(super) issuer: &'v Arc<str>,
    pub(super) audience: &'v str,
    pub(super) profile: Profile,
    /// The names that lead to the roles, from the outermost; none are read without a name.
    pub(super) roles: &'v [Box<str>],
    /// Seconds.
    pub(super) leeway: u64,
    /// Seconds since 1970-01-01T00:00:00Z.
    pub(super) now: u64,
}

/// Registered claims that meet the demands, but for the expiry.
pub(super) struct Registered {
    /// `exp`, in seconds.
    expires: f64,
    /// `nbf`, in seconds and with the leeway.
    begins: f64,
    pub(super) grants: Grants,
    pub(super) facts: Arc<TokenFacts>,
}

impl Registered {
    /// Everything but the expiry.
    pub(super) fn read(payload: &str, demands: &Demands<'_>) -> Result<Self, Cause> {
        let claims = Typed::read(payload, demands.roles)?;
        claims.issued_by(demands.issuer)?;
        claims.meant_for(demands.audience)?;
        let expires = claims.expires.ok_or(Cause::invalid_token("no expiry"))?;
        if demands.profile.requires_all() {
            all_there(&claims)?;
        }
        claims.begun(demands.now, demands.leeway)?;
        let begins = claims.begins(demands.leeway);
        let (grants, facts) = claims.kept(Arc::clone(demands.issuer));
        Ok(Self {
            expires,
            begins,
            grants,
            facts,
        })
    }

    /// RFC 7519 §4.1.4: `exp` is the first moment at which the token is no longer taken. Yields when it is taken, in
    /// seconds since 1970-01-01T00:00:00Z and with the leeway.
    pub(super) fn not_expired(&self, demands: &Demands<'_>) -> Result<Range<f64>, Cause> {
        let end = self.expires + seconds(demands.leeway);
        if seconds(demands.now) < end {
            Ok(self.begins..end)
        } else {
            Err(Cause::TokenExpired {
                at: Some(whole(self.expires)),
            })
        }
    }
}

/// RFC 9068 §2.2, beside the claims that every profile requires.
fn all_there(claims: &Typed<'_>) -> Result<(), Cause> {
    let there = |name: &Option<Cow<'_, str>>| name.as_ref().is_some_and(|name| !name.is_empty());
    if ![&claims.subject, &claims.client_id, &claims.jti]
        .into_iter()
        .all(there)
    {
        return Err(Cause::invalid_token(
            "sub, client_id or jti missing (RFC 9068)",
        ));
    }
    if claims.issued_at.is_none() {
        return Err(Cause::invalid_token("iat missing (RFC 9068)"));
    }
    Ok(())
}
