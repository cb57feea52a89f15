//! Bearer (RFC 6750).

use core::fmt;

use super::{ChallengeErrors, Scheme};
use crate::refusal::{Cause, InvalidRequest, Text};
use crate::secret::Secret;

/// The Bearer scheme (RFC 6750): whoever holds the token may use it.
///
/// Tokens are taken from the `Authorization` field only, never from the query string or a form
/// (RFC 6750 §2.2 and §2.3 are optional, and OAuth 2.1 forbids the query form).
#[derive(Clone, Copy, Debug)]
pub enum Bearer {}

impl Scheme for Bearer {
    type Credentials<'r> = BearerToken<'r>;
    type Owned = Secret<String>;

    const NAME: &'static str = "Bearer";
    const REJECTED: Text = crate::refusal::text!("invalid_token", "Token invalid");
    const ERRORS: ChallengeErrors = ChallengeErrors::OAuth;

    /// Exactly one `b64token` (RFC 6750 §2.1), nothing before or behind it.
    fn extract(value: &[u8]) -> Result<BearerToken<'_>, Cause> {
        let malformed = Cause::InvalidRequest(InvalidRequest::NotOneToken);
        if !auth_syntax::is_b64token(value) {
            return Err(malformed);
        }
        core::str::from_utf8(value)
            .map(BearerToken)
            .map_err(|_| malformed)
    }

    fn to_owned(credentials: BearerToken<'_>) -> Secret<String> {
        Secret::new(credentials.0.to_owned())
    }
}

/// A token as it was presented: well formed (RFC 6750 §2.1 `b64token`), so never empty, and nothing
/// more is known about it.
///
/// It cannot be printed or compared with `==`.
#[derive(Clone, Copy)]
pub struct BearerToken<'r>(&'r str);

impl<'r> BearerToken<'r> {
    /// The token itself. It is a secret: compare it in constant time, and keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &'r str {
        self.0
    }
}

impl fmt::Debug for BearerToken<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BearerToken([redacted])")
    }
}
