//! What is taken back: one token, or all that somebody was given up to a moment.

use core::fmt;
use std::borrow::Cow;

use crate::clock::LAST_SECOND;

/// Something that is revoked, for [`Revocations::load`](super::Revocations::load).
///
/// ```
/// use auth_core::store::Revoked;
/// let token = Revoked::token("https://login.example.com", "a5c1…", 1_759_316_400);
/// let everything_of_ann = Revoked::subject("https://login.example.com", "ann", 1_759_312_800, 1_759_316_400);
/// # let _ = (token, everything_of_ann);
/// ```
///
/// All times are whole seconds since 1970-01-01T00:00:00Z.
#[derive(Clone, PartialEq, Eq)]
pub struct Revoked<'a> {
    pub(super) of: Of,
    pub(super) issuer: Cow<'a, str>,
    pub(super) name: Cow<'a, str>,
    /// When the last token that this is about has expired.
    pub(super) until: u64,
}

/// Whose name it is.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Of {
    Token,
    /// Tokens that were issued in this second or before.
    Subject(u64),
    Client(u64),
}

impl<'a> Revoked<'a> {
    /// One token: its `iss`, its `jti`, its `exp`.
    pub fn token(
        issuer: impl Into<Cow<'a, str>>,
        jti: impl Into<Cow<'a, str>>,
        expires_at: u64,
    ) -> Self {
        Self::new(Of::Token, issuer, jti, expires_at)
    }

    /// The tokens about one subject (`sub`) that were issued at `issued_up_to` or earlier; see
    /// [`Revocations::revoke_subject`](super::Revocations::revoke_subject).
    pub fn subject(
        issuer: impl Into<Cow<'a, str>>,
        subject: impl Into<Cow<'a, str>>,
        issued_up_to: u64,
        until: u64,
    ) -> Self {
        Self::new(Of::Subject(issued_up_to), issuer, subject, until)
    }

    /// The tokens of one client (`client_id`) that were issued at `issued_up_to` or earlier; see
    /// [`Revocations::revoke_client`](super::Revocations::revoke_client).
    pub fn client(
        issuer: impl Into<Cow<'a, str>>,
        client_id: impl Into<Cow<'a, str>>,
        issued_up_to: u64,
        until: u64,
    ) -> Self {
        Self::new(Of::Client(issued_up_to), issuer, client_id, until)
    }

    /// What is wrong with it, if it cannot be meant: taken as it stands, it would revoke nothing, or too much.
    pub(super) fn implausible(&self) -> Option<&'static str> {
        let up_to = match self.of {
            Of::Token => 0,
            Of::Subject(second) | Of::Client(second) => second,
        };
        if self.issuer.is_empty() {
            Some("the issuer is empty: write the `iss` of the tokens, exactly as they do")
        } else if self.name.is_empty() {
            Some("the `jti`, `sub` or `client_id` is empty")
        } else if up_to > LAST_SECOND || (self.until > LAST_SECOND && self.until != u64::MAX) {
            Some("a time is after the year 9999: write seconds since 1970, not milliseconds")
        } else if self.until < up_to {
            Some("`until` is before `issued_up_to`: are they swapped?")
        } else {
            None
        }
    }

    fn new(
        of: Of,
        issuer: impl Into<Cow<'a, str>>,
        name: impl Into<Cow<'a, str>>,
        until: u64,
    ) -> Self {
        Self {
            of,
            issuer: issuer.into(),
            name: name.into(),
            until,
        }
    }
}

/// Names nobody.
impl fmt::Debug for Revoked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Revoked([redacted])")
    }
}
