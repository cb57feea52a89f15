//! API keys in a named header field: a private scheme, since none is registered.

use core::fmt;

use super::{ChallengeErrors, Scheme};
use crate::refusal::{Cause, InvalidRequest, Text};
use crate::secret::Secret;

/// A key in a named header field, such as `X-API-Key`.
///
/// No RFC defines a scheme for this and none is registered with IANA, yet a 401 must carry a
/// challenge (RFC 9110 §15.5.2). So this private but well-formed one is sent, in the words of
/// `OpenAPI`'s `apiKey`: `ApiKey realm="API", in="header", name="X-API-Key"`.
#[derive(Clone, Copy, Debug)]
pub enum ApiKey {}

impl Scheme for ApiKey {
    type Credentials<'r> = ApiKeyCredentials<'r>;
    type Owned = Secret<String>;

    const NAME: &'static str = "ApiKey";
    const REJECTED: Text =
        crate::refusal::text!("invalid_credentials", "API key not found or revoked");
    const ERRORS: ChallengeErrors = ChallengeErrors::None;

    /// Visible ASCII without blanks, as every generator of keys makes them; a comma is refused, since
    /// a proxy may have joined two field lines with it.
    fn extract(value: &[u8]) -> Result<ApiKeyCredentials<'_>, Cause> {
        match core::str::from_utf8(value) {
            Ok(key) if is_presentable(value) => Ok(ApiKeyCredentials(key)),
            _ if value.contains(&b',') => Err(Cause::InvalidRequest(InvalidRequest::CarrierTwice)),
            _ => Err(Cause::Malformed),
        }
    }

    fn to_owned(credentials: ApiKeyCredentials<'_>) -> Secret<String> {
        Secret::new(credentials.0.to_owned())
    }
}

/// Whether a request can present these octets as a key: the alphabet of [`ApiKey`], written once.
pub(crate) fn is_presentable(key: &[u8]) -> bool {
    !key.is_empty()
        && key
            .iter()
            .all(|octet| octet.is_ascii_graphic() && *octet != b',')
}

/// A key as it was presented: not empty, visible ASCII, and nothing more is known about it.
///
/// It cannot be printed or compared with `==`.
#[derive(Clone, Copy)]
pub struct ApiKeyCredentials<'r>(&'r str);

impl<'r> ApiKeyCredentials<'r> {
    /// The key itself. It is a secret: compare it in constant time, and keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &'r str {
        self.0
    }
}

impl fmt::Debug for ApiKeyCredentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeyCredentials([redacted])")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::{ApiKey, Cause, InvalidRequest, Scheme as _};

    // V19
    #[test]
    fn only_visible_ascii_reaches_a_verifier_v19() {
        assert_eq!(ApiKey::extract(b"k-1_!~").unwrap().expose(), "k-1_!~");
        for value in [
            b"".as_slice(),
            b"a b",
            b"a\tb",
            b"a\x7f",
            b"\xc3\xa9",
            b"\xff",
        ] {
            assert_eq!(
                ApiKey::extract(value).unwrap_err(),
                Cause::Malformed,
                "{value:?}"
            );
        }
    }

    // A-4, V10
    #[test]
    fn a_comma_is_two_fields_that_were_joined_a4() {
        assert_eq!(
            ApiKey::extract(b"a,b").unwrap_err(),
            Cause::InvalidRequest(InvalidRequest::CarrierTwice)
        );
    }

    #[test]
    fn debug_tells_nothing() {
        assert!(!format!("{:?}", ApiKey::extract(b"secret").unwrap()).contains("secret"));
    }
}
