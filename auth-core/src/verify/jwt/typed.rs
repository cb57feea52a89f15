//! What is said of a token, in its payload or in the answer of an introspection: each claim with its exact type.
//!
//! A claim of the wrong type is never taken for an absent one.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::json;
use crate::clock::LAST_SECOND;
use crate::refusal::Cause;
use crate::verify::{Grants, TokenFacts};

/// Claims of the right types, as far as they are there. Dates are in seconds since 1970-01-01T00:00:00Z.
pub(in crate::verify) struct Typed<'a> {
    pub(in crate::verify) issuer: Option<Cow<'a, str>>,
    pub(in crate::verify) audience: Option<Vec<Cow<'a, str>>>,
    pub(in crate::verify) expires: Option<f64>,
    pub(in crate::verify) issued_at: Option<f64>,
    pub(in crate::verify) subject: Option<Cow<'a, str>>,
    pub(in crate::verify) client_id: Option<Cow<'a, str>>,
    pub(in crate::verify) jti: Option<Cow<'a, str>>,
    not_before: Option<f64>,
    /// From scopes, roles, `acr`, `auth_time` and `exp`.
    grants: Grants,
}

impl<'a> Typed<'a> {
    /// Reads the claims. `roles` are the names that lead to the roles, from the outermost; without a name none are read.
    pub(in crate::verify) fn read(payload: &'a str, roles: &[Box<str>]) -> Result<Self, Cause> {
        let [
            iss,
            aud,
            exp,
            nbf,
            iat,
            sub,
            client_id,
            jti,
            scope,
            scp,
            cnf,
            acr,
            auth_time,
            role,
        ] = json::members(payload, wanted(roles))
            .ok_or(Cause::invalid_token("malformed: payload"))?;
        let issuer = name(iss, "iss is not a string")?;
        let audience = one_or_more(aud, "aud is not a string or an array of strings")?;
        let expires = date(exp, "exp is not a date")?;
        let not_before = date(nbf, "nbf is not a date")?;
        let issued_at = date(iat, "iat is not a date")?;
        let subject = name(sub, "sub is not a string")?;
        let client_id = name(client_id, "client_id is not a string")?;
        let jti = name(jti, "jti is not a string")?;
        // Bound to a key or certificate (RFC 7800), which nobody here has checked: whoever holds such
        // a token alone may not use it (RFC 9449 §7.2, RFC 8705 §3).
        if cnf.is_some() {
            return Err(Cause::invalid_token(
                "sender-constrained token without its proof",
            ));
        }
        let mut grants = granted(scope, scp)?;
        if let Some(end) = expires {
            grants = grants.expiring_at(whole(end));
        }
        let grants = with_roles(grants, role, roles)?;
        let grants = with_authentication(grants, acr, auth_time)?;
        Ok(Self {
            issuer,
            audience,
            expires,
            issued_at,
            subject,
            client_id,
            jti,
            not_before,
            grants,
        })
    }

    /// Octet by octet (RFC 9068 §4).
    pub(in crate::verify) fn issued_by(&self, issuer: &str) -> Result<(), Cause> {
        match self.issuer.as_deref() {
            None => Err(Cause::invalid_token("no issuer")),
            Some(iss) if iss == issuer => Ok(()),
            Some(_) => Err(Cause::invalid_token("wrong issuer")),
        }
    }

    /// RFC 7519 §4.1.3: one of those named.
    pub(in crate::verify) fn meant_for(&self, audience: &str) -> Result<(), Cause> {
        let Some(named) = &self.audience else {
            return Err(Cause::invalid_token("no audience"));
        };
        if named.iter().any(|named| named == audience) {
            Ok(())
        } else {
            Err(Cause::invalid_token("wrong audience"))
        }
    }

    /// RFC 7519 §4.1.5, with the leeway in seconds.
    pub(in crate::verify) fn begun(&self, now: u64, leeway: u64) -> Result<(), Cause> {
        let latest = seconds(now.saturating_add(leeway));
        if self.not_before.is_some_and(|start| latest < start) {
            return Err(Cause::invalid_token("not yet valid"));
        }
        Ok(())
    }

    /// The first moment at which they are taken, by `nbf` and with the leeway in seconds.
    pub(super) fn begins(&self, leeway: u64) -> f64 {
        self.not_before.map_or(0.0, |start| start - seconds(leeway))
    }

    /// What a verifier keeps of them where nobody knows the issuer.
    #[cfg(feature = "introspection")]
    pub(in crate::verify) fn granted(self) -> Grants {
        self.grants
    }

    /// What a verifier keeps of them.
    pub(in crate::verify) fn kept(self, issuer: Arc<str>) -> (Grants, Arc<TokenFacts>) {
        let facts = Arc::new(TokenFacts {
            issuer,
            subject: self.subject.map(Into::into),
            client_id: self.client_id.map(Into::into),
            jti: self.jti.map(Into::into),
            issued_at: self.issued_at.map(whole),
            expires_at: self.expires.map(whole),
        });
        (self.grants.with_token(Arc::clone(&facts)), facts)
    }
}

/// The claims that are read; the last is the one that holds the roles, or holds what holds them. Where
/// none are read it is one that is read anyway: no claim may pass unread.
fn wanted(roles: &[Box<str>]) -> [&str; 14] {
    let roles = roles.first().map_or("acr", |name| name);
    [
        "iss",
        "aud",
        "exp",
        "nbf",
        "iat",
        "sub",
        "client_id",
        "jti",
        "scope",
        "scp",
        "cnf",
        "acr",
        "auth_time",
        roles,
    ]
}

/// A string.
pub(in crate::verify) fn name<'a>(
    value: Option<&'a RawValue>,
    fault: &'static str,
) -> Result<Option<Cow<'a, str>>, Cause> {
    value
        .map(|value| json::string(value).ok_or(Cause::invalid_token(fault)))
        .transpose()
}

/// A `NumericDate` (RFC 7519 §2): a number of seconds, which may have a fraction.
fn date(value: Option<&RawValue>, fault: &'static str) -> Result<Option<f64>, Cause> {
    value
        .map(|value| {
            json::number(value)
                .filter(|moment| (0.0..=seconds(LAST_SECOND)).contains(moment))
                .ok_or(Cause::invalid_token(fault))
        })
        .transpose()
}

fn one_or_more<'a>(
    value: Option<&'a RawValue>,
    fault: &'static str,
) -> Result<Option<Vec<Cow<'a, str>>>, Cause> {
    value
        .map(|value| match json::string(value) {
            Some(one) => Ok(vec![one]),
            None => json::strings(value).ok_or(Cause::invalid_token(fault)),
        })
        .transpose()
}

/// `scope` (RFC 9068 §2.2.3, RFC 8693 §4.2: one string, separated by spaces), or the `scp` of other
/// issuers, a string or an array. Where both are there `scope` counts, and both must be well formed.
fn granted(scope: Option<&RawValue>, scp: Option<&RawValue>) -> Result<Grants, Cause> {
    let scope = name(scope, "scope is not a string")?.map(|one| vec![one]);
    let scp = one_or_more(scp, "scp is not a string or an array of strings")?;
    let scopes = scope.or(scp).unwrap_or_default();
    let scopes = scopes.iter().flat_map(|list| list.split(' '));
    Ok(Grants::none().with_scopes(scopes.filter(|scope| !scope.is_empty())))
}

/// RFC 9068 §2.2.3.1: as SCIM has it, an array of objects with a `value` (RFC 7643 §4.1.2 and §2.4), or
/// what most issuers write, an array of strings. `path` leads to it, and begins at `claim`.
fn with_roles(
    grants: Grants,
    claim: Option<&RawValue>,
    path: &[Box<str>],
) -> Result<Grants, Cause> {
    let Some((_, inner)) = path.split_first() else {
        return Ok(grants);
    };
    let mut found = claim;
    for name in inner {
        let Some(outer) = found else { break };
        let members = json::members(outer.get(), [name]);
        [found] = members.ok_or(Cause::invalid_token("what holds the roles is no object"))?;
    }
    let Some(found) = found else {
        return Ok(grants);
    };
    let roles = json::strings_or_objects(found, "value").ok_or(Cause::invalid_token(
        "roles are not an array of strings, or of objects with a value",
    ))?;
    Ok(grants.with_roles(roles))
}

/// RFC 9470 §6.1. Fractions of a second are dropped: the moment can only seem longer ago.
fn with_authentication(
    mut grants: Grants,
    acr: Option<&RawValue>,
    auth_time: Option<&RawValue>,
) -> Result<Grants, Cause> {
    if let Some(acr) = name(acr, "acr is not a string")? {
        grants = grants.with_acr(acr);
    }
    if let Some(moment) = date(auth_time, "auth_time is not a date")? {
        grants = grants.with_auth_time(whole(moment));
    }
    Ok(grants)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "exact up to the year 285 million"
)]
pub(in crate::verify) fn seconds(whole: u64) -> f64 {
    whole as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a date is within 0 and LAST_SECOND"
)]
pub(super) fn whole(seconds: f64) -> u64 {
    seconds as u64
}

/// Serde's own words may quote the token; the name of the type cannot.
pub(in crate::verify) fn unfit<Claims>() -> Cause {
    let wanted = core::any::type_name::<Claims>();
    Cause::invalid_token(Cow::Owned(format!("claims cannot be read as {wanted}")))
}
