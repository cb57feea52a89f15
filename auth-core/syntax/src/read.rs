//! Reading challenges: `WWW-Authenticate = #challenge` (RFC 9110 §11.3, §11.6.1).

use crate::MAX_LEN;
use crate::cursor::Cursor;
use crate::error::{SyntaxError, SyntaxErrorKind};
use crate::param::{Names, Params, ValueRef, begin_list, end_element, read_param};

/// The challenges of one field value, in the order in which they were sent.
///
/// It ends behind the first error: what follows a defect cannot be trusted.
///
/// ```
/// use auth_syntax::Challenges;
///
/// let value = br#"Basic realm="simple", Newauth realm="apps", type=1, Negotiate oYG2MIGzoAMKAQ=="#;
/// let challenges = Challenges::new(value).collect::<Result<Vec<_>, _>>()?;
/// let schemes: Vec<_> = challenges.iter().map(|challenge| challenge.scheme).collect();
/// assert_eq!(schemes, ["Basic", "Newauth", "Negotiate"]);
/// assert_eq!(challenges[2].token68(), Some("oYG2MIGzoAMKAQ=="));
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Challenges<'a> {
    field: Cursor<'a>,
    failed: bool,
}

impl<'a> Challenges<'a> {
    /// The challenges of this value of a `WWW-Authenticate` or `Proxy-Authenticate` field.
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// assert_eq!(Challenges::new(b" , ,").count(), 0);
    /// ```
    #[must_use]
    pub const fn new(field_value: &'a [u8]) -> Self {
        Self {
            field: Cursor::new(field_value),
            failed: false,
        }
    }

    fn read(&mut self) -> Result<Option<ChallengeRef<'a>>, SyntaxError> {
        if self.field.len() > MAX_LEN {
            return Err(SyntaxError {
                at: MAX_LEN,
                kind: SyntaxErrorKind::TooLong,
            });
        }
        self.field.skip_commas();
        if self.field.peek().is_none() {
            return Ok(None);
        }
        let scheme = read_scheme(&mut self.field)?;
        let body = read_body(&mut self.field)?;
        Ok(Some(ChallengeRef { scheme, body }))
    }
}

impl<'a> Iterator for Challenges<'a> {
    type Item = Result<ChallengeRef<'a>, SyntaxError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.failed {
            return None;
        }
        let challenge = self.read().transpose();
        self.failed = !matches!(challenge, Some(Ok(_)));
        challenge
    }
}

impl core::iter::FusedIterator for Challenges<'_> {}

/// A challenge that was read (RFC 9110 §11.3).
///
/// ```
/// # use auth_syntax::Challenges;
/// let bearer = Challenges::new(br#"bearer realm="API", Scope="a b""#).next().unwrap()?;
/// assert!(bearer.is("Bearer"));
/// assert_eq!(bearer.param("scope").and_then(|scope| scope.as_str()), Some("a b"));
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct ChallengeRef<'a> {
    /// The scheme as it was sent; schemes match without regard to case, see [`is`](Self::is).
    pub scheme: &'a str,
    body: Body<'a>,
}

#[derive(Clone, Copy, Debug)]
enum Body<'a> {
    /// A list without a single parameter is the same as none.
    Params(&'a [u8]),
    Token68(&'a str),
}

impl<'a> ChallengeRef<'a> {
    /// Is this the scheme? Case is ignored (RFC 9110 §11.1).
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// assert!(Challenges::new(b"BASIC").next().unwrap()?.is("Basic"));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme)
    }

    /// The `token68`, if that is what the challenge holds (RFC 9110 §11.2).
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// assert_eq!(Challenges::new(b"NTLM aaaa==").next().unwrap()?.token68(), Some("aaaa=="));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub const fn token68(&self) -> Option<&'a str> {
        match self.body {
            Body::Token68(text) => Some(text),
            Body::Params(_) => None,
        }
    }

    /// The parameters, in the order in which they were sent. No name occurs twice.
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// assert_eq!(Challenges::new(b"Newauth a=b, c=d").next().unwrap()?.params().count(), 2);
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub const fn params(&self) -> Params<'a> {
        match self.body {
            Body::Token68(_) => Params::new(&[]),
            Body::Params(list) => Params::new(list),
        }
    }

    /// The value of the parameter of that name; case is ignored (RFC 9110 §11.2).
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// let basic = Challenges::new(b"Basic REALM=foo").next().unwrap()?;
    /// assert!(basic.param("realm").is_some_and(|realm| realm.eq_str("foo")));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    #[must_use]
    pub fn param(&self, name: &str) -> Option<ValueRef<'a>> {
        self.params()
            .find(|param| param.is(name))
            .map(|param| param.value)
    }
}

fn read_scheme<'a>(field: &mut Cursor<'a>) -> Result<&'a str, SyntaxError> {
    let start = *field;
    let scheme = field.token()?;
    // Only told apart for the sake of the message: `=` cannot follow a scheme.
    let mut ahead = *field;
    ahead.skip_ows();
    if ahead.peek() == Some(b'=') {
        return Err(start.error(SyntaxErrorKind::ParamWithoutScheme));
    }
    Ok(scheme)
}

/// `[ 1*SP ( token68 / #auth-param ) ]`, up to the comma before the next challenge.
fn read_body<'a>(field: &mut Cursor<'a>) -> Result<Body<'a>, SyntaxError> {
    if !field.skip_spaces() {
        return end_scheme(field).map(|()| Body::Params(&[]));
    }
    if let Some(text) = field.token68() {
        return Ok(Body::Token68(text));
    }
    read_params(field).map(Body::Params)
}

/// A scheme without a space behind it stands alone; a tab may only lead to the next comma.
fn end_scheme(field: &mut Cursor<'_>) -> Result<(), SyntaxError> {
    let end = *field;
    field.skip_ows();
    if field.ends_element() {
        Ok(())
    } else {
        Err(end.error(SyntaxErrorKind::SchemeEnd))
    }
}

/// `#auth-param`, up to the first element that is no parameter: it begins the next challenge.
fn read_params<'a>(field: &mut Cursor<'a>) -> Result<&'a [u8], SyntaxError> {
    let list = field.at();
    let mut names = Names::new();
    let mut behind_comma = begin_list(field)?;
    while field.peek().is_some() {
        let element = *field;
        match read_param(field) {
            Ok(param) => names.add(param.name).map_err(|kind| element.error(kind))?,
            // Behind a comma, a name without `=` is the scheme of the next challenge.
            Err(SyntaxError {
                kind: SyntaxErrorKind::MissingEquals,
                ..
            }) if behind_comma => {
                *field = element;
                break;
            }
            Err(error) => return Err(error),
        }
        end_element(field)?;
        behind_comma = field.skip_commas();
    }
    Ok(field.since(list))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::cursor::steps;
    use crate::{Credentials, is_joined};
    use std::vec::Vec;

    #[test]
    fn nothing_follows_an_error() {
        let mut challenges = Challenges::new(b"A, B c d, E");
        assert_eq!(challenges.next().unwrap().unwrap().scheme, "A");
        assert!(challenges.next().unwrap().is_err());
        assert!(challenges.next().is_none() && challenges.next().is_none());
    }

    // H-8
    #[test]
    fn a_tab_does_not_end_a_scheme() {
        for (value, at, kind) in [
            (&b"A\tb=c"[..], 1, SyntaxErrorKind::SchemeEnd),
            (b"A\tb", 1, SyntaxErrorKind::SchemeEnd),
            (b"A \tb=c", 2, SyntaxErrorKind::NotAToken),
        ] {
            let error = Challenges::new(value).next().unwrap().unwrap_err();
            assert_eq!(
                (error.at, error.kind),
                (at, kind),
                "{}",
                value.escape_ascii()
            );
        }
        // As white space before a comma it is fine.
        assert_eq!(Challenges::new(b"A\t,B \t, c=d").flatten().count(), 2);
    }

    /// RFC 9110 §5.6.4, octet by octet.
    #[test]
    fn a_quoted_string_holds_no_controls_but_tabs() {
        for b in 0..=u8::MAX {
            let control = b.is_ascii_control() && b != b'\t';
            let read = |text: &[u8]| {
                Challenges::new(&[b"A b=\"", text, b"\""].concat()).all(|read| read.is_ok())
            };
            assert_eq!(read(&[b]), !control && b != b'"' && b != b'\\', "{b:#x}");
            assert_eq!(read(&[b'\\', b]), !control, "{b:#x} behind a backslash");
        }
    }

    #[test]
    fn names_match_without_regard_to_case() {
        let challenge = Challenges::new(b"A RealM=b").next().unwrap().unwrap();
        assert!(challenge.is("a") && challenge.param("realm").unwrap().eq_str("b"));
        assert!(challenge.param("real").is_none());
    }

    /// Time is linear: counted are the looks at octets, on inputs made to be read again and again.
    #[test]
    fn no_octet_is_looked_at_often() {
        let patterns: &[&[u8]] = &[
            b",",
            b" ",
            b"\t",
            b"\"",
            b"\\",
            b".",
            b"=",
            b"a",
            b"a,",
            b"a ,",
            b"a b,",
            b"a  ",
            b"a=",
            b"a=,",
            b"a b=c,",
            b"a=\"\\",
            b"\"\\\"",
            b"a b=\"c\",",
            b"a ==,",
            b", a \t",
            b"a \t,",
            b"a b= , ",
        ];
        let prefixes: &[&[u8]] = &[b"", b"A ", b"A b=", b"A b=\"", b"A b=c, "];
        for pattern in patterns {
            for prefix in prefixes {
                let mut value = prefix.to_vec();
                value.extend(pattern.iter().copied().cycle().take(MAX_LEN - prefix.len()));
                let taken = steps::taken(|| {
                    let challenges: Vec<_> = Challenges::new(&value).flatten().collect();
                    for challenge in challenges {
                        let _ = challenge.params().count();
                    }
                    if let Ok(Some(credentials)) = Credentials::read(&value) {
                        let _ = credentials.params().count();
                    }
                    let _ = is_joined(&value);
                });
                let name = (prefix.escape_ascii(), pattern.escape_ascii());
                assert!(
                    taken < 20 * MAX_LEN,
                    "{name:?}: {} looks at each octet",
                    taken / MAX_LEN
                );
            }
        }
    }
}
