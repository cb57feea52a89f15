//! The registered claims (RFC 7519 §4.1, RFC 9068 §2.2), and that with the roles, read from the payload
//! with exact types.
//!
//! A claim of the wrong type is never taken for an absent one.

use std::borrow::Cow;
use std::sync::Arc;

use serde_json::value::RawValue;

use super::{Profile, json};
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
    pub(super) grants: Grants,
    pub(super) facts: TokenFacts,
}

/// 9999-12-31T23:59:59Z, the last second that RFC 3339 can write. Later ones are milliseconds, or a
/// mistake of another kind.
const LAST_SECOND: f64 = 253_402_300_799.0;

impl Registered {
    /// Everything but the expiry.
    pub(super) fn read(payload: &str, demands: &Demands<'_>) -> Result<Self, Cause> {
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
            roles,
        ] = json::members(payload, wanted(demands))
            .ok_or(Cause::invalid_token("malformed: payload"))?;
        check_issuer(iss, demands.issuer)?;
        check_audience(aud, demands.audience)?;
        let expires = date(exp, "exp is not a date")?.ok_or(Cause::invalid_token("no expiry"))?;
        let not_before = date(nbf, "nbf is not a date")?;
        let issued_at = date(iat, "iat is not a date")?;
        let names = [
            name(sub, "sub is not a string")?,
            name(client_id, "client_id is not a string")?,
            name(jti, "jti is not a string")?,
        ];
        if demands.profile.requires_all() {
            all_there(&names, issued_at)?;
        }
        let [subject, client_id, jti] = names.map(|name| name.map(Into::into));
        // Bound to a key or certificate (RFC 7800), which nobody here has checked: whoever holds such
        // a token alone may not use it (RFC 9449 §7.2, RFC 8705 §3).
        if cnf.is_some() {
            return Err(Cause::invalid_token(
                "sender-constrained token without its proof",
            ));
        }
        let grants = granted(scope, scp)?.expiring_at(whole(expires));
        let grants = with_roles(grants, roles, demands.roles)?;
        let grants = with_authentication(grants, acr, auth_time)?;
        // RFC 7519 §4.1.5
        let latest = seconds(demands.now.saturating_add(demands.leeway));
        if not_before.is_some_and(|start| latest < start) {
            return Err(Cause::invalid_token("not yet valid"));
        }
        let facts = TokenFacts {
            issuer: Arc::clone(demands.issuer),
            subject,
            client_id,
            jti,
            issued_at: issued_at.map(whole),
            expires_at: Some(whole(expires)),
        };
        Ok(Self {
            expires,
            grants,
            facts,
        })
    }

    /// RFC 7519 §4.1.4: `exp` is the first moment at which the token is no longer taken. Yields when that is, in
    /// seconds since 1970-01-01T00:00:00Z and with the leeway.
    pub(super) fn not_expired(&self, demands: &Demands<'_>) -> Result<f64, Cause> {
        let end = self.expires + seconds(demands.leeway);
        if seconds(demands.now) < end {
            Ok(end)
        } else {
            Err(Cause::TokenExpired {
                at: Some(whole(self.expires)),
            })
        }
    }
}

/// The claims that are read; the last is the one that holds the roles, or holds what holds them. Where
/// none are read it is one that is read anyway: no claim may pass unread.
fn wanted<'v>(demands: &Demands<'v>) -> [&'v str; 14] {
    let roles = demands.roles.first().map_or("acr", |name| name);
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

/// Octet by octet (RFC 9068 §4).
fn check_issuer(iss: Option<&RawValue>, issuer: &str) -> Result<(), Cause> {
    let iss = iss.ok_or(Cause::invalid_token("no issuer"))?;
    let iss = json::string(iss).ok_or(Cause::invalid_token("iss is not a string"))?;
    if iss == issuer {
        Ok(())
    } else {
        Err(Cause::invalid_token("wrong issuer"))
    }
}

/// RFC 7519 §4.1.3: one of those named.
fn check_audience(aud: Option<&RawValue>, audience: &str) -> Result<(), Cause> {
    let aud = aud.ok_or(Cause::invalid_token("no audience"))?;
    let aud = one_or_more(aud).ok_or(Cause::invalid_token(
        "aud is not a string or an array of strings",
    ))?;
    if aud.iter().any(|named| named == audience) {
        Ok(())
    } else {
        Err(Cause::invalid_token("wrong audience"))
    }
}

/// RFC 9068 §2.2, beside the claims that every profile requires.
fn all_there(names: &[Option<Cow<'_, str>>], issued_at: Option<f64>) -> Result<(), Cause> {
    let there = |name: &Option<Cow<'_, str>>| name.as_ref().is_some_and(|name| !name.is_empty());
    if !names.iter().all(there) {
        return Err(Cause::invalid_token(
            "sub, client_id or jti missing (RFC 9068)",
        ));
    }
    if issued_at.is_none() {
        return Err(Cause::invalid_token("iat missing (RFC 9068)"));
    }
    Ok(())
}

fn name<'a>(
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
                .filter(|seconds| (0.0..=LAST_SECOND).contains(seconds))
                .ok_or(Cause::invalid_token(fault))
        })
        .transpose()
}

fn one_or_more(value: &RawValue) -> Option<Vec<Cow<'_, str>>> {
    match json::string(value) {
        Some(one) => Some(vec![one]),
        None => json::strings(value),
    }
}

/// `scope` (RFC 9068 §2.2.3, RFC 8693 §4.2: one string, separated by spaces), or the `scp` of other
/// issuers, a string or an array. Where both are there `scope` counts, and both must be well formed.
fn granted(scope: Option<&RawValue>, scp: Option<&RawValue>) -> Result<Grants, Cause> {
    let scope = name(scope, "scope is not a string")?.map(|one| vec![one]);
    let scp = scp
        .map(|value| {
            one_or_more(value).ok_or(Cause::invalid_token(
                "scp is not a string or an array of strings",
            ))
        })
        .transpose()?;
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
pub(super) fn seconds(whole: u64) -> f64 {
    whole as f64
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a date is within 0 and LAST_SECOND"
)]
fn whole(seconds: f64) -> u64 {
    seconds as u64
}
