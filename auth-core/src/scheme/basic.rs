//! Basic (RFC 7617).

use core::fmt;
use std::marker::PhantomData;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use zeroize::Zeroizing;

use super::{ChallengeErrors, Scheme};
use crate::refusal::{Cause, InvalidRequest, Text};

/// The Basic scheme (RFC 7617): user-id and password, base64 coded. It protects nothing without TLS.
#[derive(Clone, Copy, Debug)]
pub enum Basic {}

impl Scheme for Basic {
    type Credentials<'r> = BasicCredentials<'r>;
    type Owned = BasicCredentials<'static>;

    const NAME: &'static str = "Basic";
    const REJECTED: Text =
        crate::refusal::text!("invalid_credentials", "User name or password is wrong");
    const ERRORS: ChallengeErrors = ChallengeErrors::None;

    /// Base64 holds no comma (RFC 4648 §4): behind one stands what a proxy joined to it, if only an
    /// empty field line.
    fn extract(value: &[u8]) -> Result<BasicCredentials<'_>, Cause> {
        if value.contains(&b',') {
            return Err(Cause::InvalidRequest(InvalidRequest::CarrierTwice));
        }
        decode(value).ok_or(Cause::Malformed)
    }

    fn to_owned(credentials: BasicCredentials<'_>) -> BasicCredentials<'static> {
        BasicCredentials {
            pair: credentials.pair,
            colon: credentials.colon,
            request: PhantomData,
        }
    }
}

/// One token68 that is canonical, padded base64 (RFC 4648 §4) of UTF-8 text without control
/// characters (RFC 7617 §2) that holds a colon; the first one separates.
fn decode(value: &[u8]) -> Option<BasicCredentials<'static>> {
    let mut octets = Zeroizing::new(vec![0; base64::decoded_len_estimate(value.len())]);
    let length = STANDARD.decode_slice(value, &mut octets).ok()?;
    let text = core::str::from_utf8(octets.get(..length)?).ok()?;
    // RFC 7617 §2 forbids 00-1F and 7F. The C1 range is no control character there, but nobody
    // types it either: it is refused as well.
    if text.chars().any(char::is_control) {
        return None;
    }
    let colon = text.find(':')?;
    Some(BasicCredentials {
        pair: Zeroizing::new(text.to_owned()),
        colon,
        request: PhantomData,
    })
}

/// User-id and password as they were presented: well formed (RFC 7617 §2), and nothing more is
/// known about them. Both may be empty; the user-id holds no colon.
///
/// The password cannot be printed or compared with `==`, and its memory is cleared on drop.
pub struct BasicCredentials<'r> {
    pair: Zeroizing<String>,
    colon: usize,
    request: PhantomData<&'r [u8]>,
}

impl BasicCredentials<'_> {
    /// The user-id: what stands before the first colon.
    #[must_use]
    pub fn user_id(&self) -> &str {
        self.pair.get(..self.colon).unwrap_or_default()
    }

    /// The password. It is a secret: check it against a hash, and keep it out of logs.
    #[must_use]
    pub fn expose_password(&self) -> &str {
        self.pair.get(self.colon + 1..).unwrap_or_default()
    }
}

impl fmt::Debug for BasicCredentials<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("BasicCredentials([redacted])")
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn read(value: &str) -> Option<(String, String)> {
        let c = Basic::extract(value.as_bytes()).ok()?;
        Some((c.user_id().to_owned(), c.expose_password().to_owned()))
    }

    fn coded(pair: &str) -> String {
        STANDARD.encode(pair)
    }

    #[test]
    fn rfc_7617_examples_b10() {
        assert_eq!(
            read("QWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap(),
            ("Aladdin".into(), "open sesame".into())
        );
        assert_eq!(
            read("dGVzdDoxMjPCow==").unwrap(),
            ("test".into(), "123\u{a3}".into())
        );
    }

    #[test]
    fn the_first_colon_separates_b4() {
        assert_eq!(read(&coded("a:b:c")).unwrap(), ("a".into(), "b:c".into()));
        assert!(read(&coded("no colon")).is_none());
    }

    #[test]
    fn empty_halves_are_well_formed_b6() {
        assert_eq!(read(&coded(":")).unwrap(), (String::new(), String::new()));
    }

    #[test]
    fn control_characters_are_refused_b5_e6() {
        for pair in ["u:p\n", "u:p\0junk", "u\r:p", "u:\u{7f}", "\tu:p"] {
            assert!(read(&coded(pair)).is_none(), "{pair:?}");
        }
        assert!(read("d2VsbCBkb25lOnlvdSBmb3VuZCB0aGUgZWFzdGVyIGVnZwo=").is_none());
    }

    #[test]
    fn only_canonical_padded_base64_b3_b9() {
        for value in ["dTpw", "dTpwdw=="] {
            assert!(read(value).is_some(), "{value}");
        }
        // unpadded, foreign characters, base64url, white space, non-zero trailing bits
        for value in [
            "dTpwdw",
            "dTpwdw=",
            "dTp\u{e9}",
            "dTp_",
            "dTp-",
            "dT pw",
            "dTpwdx==",
            "dTpw=",
            "",
        ] {
            assert!(read(value).is_none(), "{value}");
        }
    }

    // H-15, V10
    #[test]
    fn a_comma_is_two_fields_that_were_joined_h15() {
        for value in [
            "YTpi,",
            "YTpi, Bearer",
            "YTpi,Bearer\tgood",
            "YTpi, eA==",
            ",",
            "x=y,",
        ] {
            assert_eq!(
                Basic::extract(value.as_bytes()).unwrap_err(),
                Cause::InvalidRequest(InvalidRequest::CarrierTwice),
                "{value}"
            );
        }
    }

    #[test]
    fn invalid_utf8_is_refused_b7() {
        assert!(read(&STANDARD.encode(b"u:\xff")).is_none());
    }

    #[test]
    fn debug_tells_nothing_t17() {
        let c = Basic::extract(b"QWxhZGRpbjpvcGVuIHNlc2FtZQ==").unwrap();
        let text = format!("{c:?}");
        assert!(
            !text.contains("Aladdin") && !text.contains("sesame"),
            "{text}"
        );
    }
}
