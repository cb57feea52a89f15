//! Reading credentials: the `Authorization` field of a request (RFC 9110 §11.4).

use crate::MAX_LEN;
use crate::class::is_b64token;
use crate::cursor::{Cursor, ascii};
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::param::{Names, ParamRef, begin_list, end_element, read_param};

/// Credentials as they were sent: a scheme, and what stands behind it (RFC 9110 §11.4).
///
/// Which form that has depends on the scheme, so it is read when the scheme is known:
/// [`b64token`](Self::b64token), [`token68`](Self::token68) or [`params`](Self::params).
///
/// `Debug` shows the scheme only: the rest is a secret.
///
/// ```
/// use auth_syntax::Credentials;
///
/// let basic = Credentials::read(b"Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")?.unwrap();
/// assert!(basic.is("basic"));
/// assert_eq!(basic.token68(), Some("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy)]
pub struct Credentials<'a> {
    /// The scheme as it was sent; schemes match without regard to case, see [`is`](Self::is).
    pub scheme: &'a str,
    /// What stands behind the scheme and its spaces; may be empty.
    pub rest: &'a [u8],
}

impl<'a> Credentials<'a> {
    /// Reads the scheme of an `Authorization` or `Proxy-Authorization` field's value. A value that
    /// is empty, or holds only white space, is `None`: nothing was presented.
    ///
    /// ```
    /// use auth_syntax::{Credentials, SyntaxErrorKind};
    ///
    /// assert_eq!(Credentials::read(b"Bearer   abc")?.unwrap().rest, b"abc");
    /// assert!(Credentials::read(b" ")?.is_none());
    /// let tab = Credentials::read(b"Bearer\tabc").unwrap_err();
    /// assert_eq!((tab.at, tab.kind), (6, SyntaxErrorKind::SchemeEnd));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    ///
    /// # Errors
    /// If the value does not begin with a token, if something else than a space follows it, or if
    /// the value is longer than [`MAX_LEN`].
    pub fn read(field_value: &'a [u8]) -> Result<Option<Self>, SyntaxError> {
        let value = trim_end(field_value);
        if value.len() > MAX_LEN {
            return Err(SyntaxError {
                at: MAX_LEN,
                kind: SyntaxErrorKind::TooLong,
            });
        }
        let mut field = Cursor::new(value);
        field.skip_ows();
        if field.peek().is_none() {
            return Ok(None);
        }
        let scheme = field.token()?;
        if !field.skip_spaces() && field.peek().is_some() {
            return Err(field.error(SyntaxErrorKind::SchemeEnd));
        }
        Ok(Some(Self {
            scheme,
            rest: field.rest(),
        }))
    }

    /// Is this the scheme? Case is ignored (RFC 9110 §11.1).
    ///
    /// ```
    /// # use auth_syntax::Credentials;
    /// assert!(Credentials::read(b"bEARER abc")?.unwrap().is("Bearer"));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The token of Bearer credentials, if they are exactly one `b64token` (RFC 6750 §2.1).
    ///
    /// ```
    /// # use auth_syntax::Credentials;
    /// assert_eq!(Credentials::read(b"Bearer abc")?.unwrap().b64token(), Some("abc"));
    /// assert_eq!(Credentials::read(b"Bearer abc def")?.unwrap().b64token(), None);
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub fn b64token(&self) -> Option<&'a str> {
        is_b64token(self.rest).then(|| ascii(self.rest))
    }

    /// The one `token68`, if that is what the credentials hold (RFC 9110 §11.2): the form of Basic
    /// and Negotiate. The rule is that of [`b64token`](Self::b64token).
    ///
    /// ```
    /// # use auth_syntax::Credentials;
    /// assert_eq!(Credentials::read(b"Basic dGVzdDoxMjPCow==")?.unwrap().token68(), Some("dGVzdDoxMjPCow=="));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub fn token68(&self) -> Option<&'a str> {
        self.b64token()
    }

    /// The parameters of credentials such as Digest's, in the order in which they were sent.
    ///
    /// It ends behind the first error. Take nothing from it before all of it was read without one:
    /// a repeated name shows at its second place only. An error's offset counts from the beginning
    /// of [`rest`](Self::rest).
    ///
    /// ```
    /// use auth_syntax::{Credentials, SyntaxErrorKind};
    ///
    /// let digest = Credentials::read(br#"Digest username="Mufasa", nc=00000001"#)?.unwrap();
    /// let params = digest.params().collect::<Result<Vec<_>, _>>()?;
    /// assert!(params[0].is("username") && params[0].value.eq_str("Mufasa"));
    ///
    /// let twice = Credentials::read(b"Digest nc=00000001, NC=00000002")?.unwrap();
    /// let error = twice.params().last().unwrap().unwrap_err();
    /// assert_eq!(error.kind, SyntaxErrorKind::RepeatedName);
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub const fn params(&self) -> CredentialsParams<'a> {
        CredentialsParams {
            list: Cursor::new(self.rest),
            names: Names::new(),
            ended: false,
        }
    }
}

impl core::fmt::Debug for Credentials<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("Credentials")
            .field("scheme", &self.scheme)
            .finish_non_exhaustive()
    }
}

/// The parameters of credentials: see [`Credentials::params`].
///
/// ```
/// # use auth_syntax::Credentials;
/// assert!(Credentials::read(b"Digest nc")?.unwrap().params().any(|param| param.is_err()));
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
#[derive(Clone)]
pub struct CredentialsParams<'a> {
    list: Cursor<'a>,
    names: Names<'a>,
    ended: bool,
}

impl<'a> CredentialsParams<'a> {
    fn read(&mut self) -> Result<Option<ParamRef<'a>>, SyntaxError> {
        if self.list.len() > MAX_LEN {
            return Err(SyntaxError {
                at: MAX_LEN,
                kind: SyntaxErrorKind::TooLong,
            });
        }
        if self.list.at() == 0 {
            begin_list(&mut self.list)?;
        } else {
            self.list.skip_commas();
        }
        if self.list.peek().is_none() {
            return Ok(None);
        }
        let element = self.list;
        let param = read_param(&mut self.list)?;
        self.names
            .add(param.name)
            .map_err(|kind| element.error(kind))?;
        end_element(&mut self.list)?;
        Ok(Some(param))
    }
}

impl<'a> Iterator for CredentialsParams<'a> {
    type Item = Result<ParamRef<'a>, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ended {
            return None;
        }
        let param = self.read().transpose();
        self.ended = !matches!(param, Some(Ok(_)));
        param
    }
}

impl core::iter::FusedIterator for CredentialsParams<'_> {}

impl core::fmt::Debug for CredentialsParams<'_> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.debug_struct("CredentialsParams").finish_non_exhaustive()
    }
}

/// White space at the end belongs to the field line, not to its value (RFC 9110 §5.5).
fn trim_end(mut value: &[u8]) -> &[u8] {
    while let [rest @ .., b' ' | b'\t'] = value {
        value = rest;
    }
    value
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use std::format;

    fn parts(value: &[u8]) -> Option<(&str, &[u8])> {
        Credentials::read(value)
            .unwrap()
            .map(|credentials| (credentials.scheme, credentials.rest))
    }

    // H-8
    #[test]
    fn a_scheme_is_followed_by_spaces() {
        assert_eq!(parts(b"Bearer a"), Some(("Bearer", &b"a"[..])));
        assert_eq!(parts(b"Bearer    a b"), Some(("Bearer", &b"a b"[..])));
        assert_eq!(parts(b" \tBearer a \t"), Some(("Bearer", &b"a"[..])));
        assert_eq!(parts(b"Bearer"), Some(("Bearer", &b""[..])));
        assert_eq!(parts(b"Bearer \t "), Some(("Bearer", &b""[..])));
        // The tab belongs to the rest, which no scheme can read then.
        assert_eq!(parts(b"Bearer \ta"), Some(("Bearer", &b"\ta"[..])));
    }

    #[test]
    fn nothing_but_white_space_is_nothing() {
        for empty in [&b""[..], b" ", b"\t", b" \t "] {
            assert_eq!(parts(empty), None);
        }
    }

    #[test]
    fn a_scheme_is_a_token() {
        use SyntaxErrorKind::{NotAToken, SchemeEnd};
        let cases: [(&[u8], usize, SyntaxErrorKind); 8] = [
            (b"Bearer\ta", 6, SchemeEnd), // H-8
            (b" Bearer:a", 7, SchemeEnd),
            (b"Basic; a", 5, SchemeEnd), // H-5
            (b"Bearer,Basic a", 6, SchemeEnd),
            (b"Bear\xC3\xA9r a", 4, SchemeEnd),
            (b"\"Bearer\" a", 0, NotAToken),
            (b" ,Bearer a", 1, NotAToken),
            (b"\0", 0, NotAToken),
        ];
        for (value, at, kind) in cases {
            assert_eq!(
                Credentials::read(value).unwrap_err(),
                SyntaxError { at, kind },
                "{}",
                value.escape_ascii()
            );
        }
    }

    // H-7
    #[test]
    fn schemes_match_without_regard_to_case() {
        let credentials = Credentials::read(b"bEaReR a").unwrap().unwrap();
        assert!(credentials.is("Bearer") && credentials.is("BEARER"));
        assert!(!credentials.is("Beare") && !credentials.is("Bearers"));
    }

    #[test]
    fn an_error_ends_the_parameters() {
        use SyntaxErrorKind::{
            MissingComma, MissingEquals, MissingValue, NotAToken, RepeatedName, UnclosedQuote,
        };
        let cases: [(&[u8], usize, SyntaxErrorKind); 9] = [
            (b"nc=1, NC=2, x=y", 6, RepeatedName), // H-6
            (b"nc=1 x=y", 5, MissingComma),
            (b"nc=1; x=y", 4, MissingComma), // H-5
            (b"nc, x=y", 2, MissingEquals),
            (b"nc=, x=y", 3, MissingValue),
            (b"\tnc=1", 0, NotAToken),
            (b"nc=1, =2, x=y", 6, NotAToken),
            (b"x=\"y, z=1", 9, UnclosedQuote),
            (b"x=\"y\\", 5, UnclosedQuote),
        ];
        for (rest, at, kind) in cases {
            let mut params = Credentials {
                scheme: "Digest",
                rest,
            }
            .params()
            .skip_while(Result::is_ok);
            assert_eq!(
                params.next(),
                Some(Err(SyntaxError { at, kind })),
                "{}",
                rest.escape_ascii()
            );
            assert_eq!(params.next(), None);
        }
    }

    // T-17
    #[test]
    fn debug_does_not_show_secrets() {
        let credentials = Credentials::read(b"Digest response=\"secret\"")
            .unwrap()
            .unwrap();
        let param = credentials.params().next().unwrap().unwrap();
        let shown = format!(
            "{credentials:?} {:?} {param:?} {:?}",
            credentials.params(),
            param.value.unescaped()
        );
        assert!(shown.contains("Digest") && shown.contains("response"));
        // As text, and as the numbers that slices of octets show.
        assert!(
            !shown.contains("secret") && !shown.contains("115"),
            "{shown}"
        );
    }
}
