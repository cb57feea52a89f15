//! Writing challenges (RFC 9110 §11.3), also in const evaluation.

use core::fmt;

use crate::class::{ERROR_TEXT, skip_eights};

/// A challenge to be written: a scheme, then parameters or one `token68` (RFC 9110 §11.3).
///
/// [`check`](Self::check) tells whether it may be sent. The writer does not check again: what was
/// refused must not be written, since a line feed in a realm would begin a header field.
///
/// ```
/// use auth_syntax::{Challenge, Param};
///
/// const PARAMS: &[Param<'_>] = &[Param::quoted("realm", "API"), Param::quoted("scope", "orders:read")];
/// const CHALLENGE: Challenge<'_> = Challenge::new("Bearer", PARAMS);
/// static TEXT: [u8; CHALLENGE.written_len()] = {
///     assert!(CHALLENGE.check().is_ok());
///     let mut text = [0; _];
///     assert!(CHALLENGE.write_to(&mut text, 0).is_ok());
///     text
/// };
/// assert_eq!(&TEXT, br#"Bearer realm="API", scope="orders:read""#);
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Challenge<'a> {
    pub(crate) scheme: &'a str,
    pub(crate) body: Body<'a>,
}

#[derive(Clone, Copy, Debug)]
pub(crate) enum Body<'a> {
    Params(&'a [Param<'a>]),
    Token68(&'a str),
}

/// A parameter to be written: `auth-param` (RFC 9110 §11.2).
///
/// ```
/// use auth_syntax::{Challenge, Param};
///
/// let params = [Param::quoted("realm", "API"), Param::token("algorithm", "SHA-256")];
/// assert_eq!(Challenge::new("Digest", &params).to_string(), r#"Digest realm="API", algorithm=SHA-256"#);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Param<'a> {
    /// A token; clients match it without regard to case.
    pub name: &'a str,
    /// What stands behind `=`.
    pub value: Value<'a>,
}

/// The value of a parameter to be written. Readers treat both forms alike (RFC 9110 §11.2), but
/// a scheme can ask for one of them: `realm` is always quoted.
///
/// ```
/// use auth_syntax::{Param, Value};
///
/// assert_eq!(Param::token("stale", "true").value, Value::Token("true"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Value<'a> {
    /// `token` (RFC 9110 §5.6.2)
    Token(&'a str),
    /// `quoted-string` (RFC 9110 §5.6.4), given as what it means: `"` and `\` are escaped when written.
    Quoted(&'a str),
}

impl<'a> Param<'a> {
    /// A parameter whose value is written as a token.
    ///
    /// ```
    /// # use auth_syntax::{Param, Value};
    /// assert_eq!(Param::token("stale", "true"), Param { name: "stale", value: Value::Token("true") });
    /// ```
    #[must_use]
    pub const fn token(name: &'a str, value: &'a str) -> Self {
        Self {
            name,
            value: Value::Token(value),
        }
    }

    /// A parameter whose value is written as a quoted-string.
    ///
    /// ```
    /// # use auth_syntax::{Param, Value};
    /// assert_eq!(Param::quoted("realm", "API"), Param { name: "realm", value: Value::Quoted("API") });
    /// ```
    #[must_use]
    pub const fn quoted(name: &'a str, value: &'a str) -> Self {
        Self {
            name,
            value: Value::Quoted(value),
        }
    }
}

impl<'a> Challenge<'a> {
    /// A challenge with parameters; without any, it is the bare scheme.
    ///
    /// ```
    /// # use auth_syntax::Challenge;
    /// assert_eq!(Challenge::new("Negotiate", &[]).to_string(), "Negotiate");
    /// ```
    #[must_use]
    pub const fn new(scheme: &'a str, params: &'a [Param<'a>]) -> Self {
        Self {
            scheme,
            body: Body::Params(params),
        }
    }

    /// A challenge with a `token68`, for instance the second step of Negotiate.
    ///
    /// ```
    /// # use auth_syntax::Challenge;
    /// assert_eq!(Challenge::token68("Negotiate", "oYG2MIGzoAMKAQ==").to_string(), "Negotiate oYG2MIGzoAMKAQ==");
    /// ```
    #[must_use]
    pub const fn token68(scheme: &'a str, token68: &'a str) -> Self {
        Self {
            scheme,
            body: Body::Token68(token68),
        }
    }

    /// How many octets [`write_to`](Self::write_to) writes.
    ///
    /// ```
    /// # use auth_syntax::{Challenge, Param};
    /// let params = [Param::quoted("realm", r"C:\")];
    /// assert_eq!(Challenge::new("Basic", &params).written_len(), r#"Basic realm="C:\\""#.len());
    /// ```
    #[must_use]
    pub const fn written_len(&self) -> usize {
        let mut len = self.scheme.len();
        match self.body {
            Body::Token68(text) => len += 1 + text.len(),
            Body::Params(params) => {
                let mut at = 0;
                while at < params.len() {
                    len += separator(at).len() + params[at].name.len() + 1;
                    len += match params[at].value {
                        Value::Token(text) => text.len(),
                        Value::Quoted(text) => text.len() + 2 + escapes(text.as_bytes()),
                    };
                    at += 1;
                }
            }
        }
        len
    }

    /// Writes the challenge into `out`, beginning at `at`, and returns where it ends.
    ///
    /// ```
    /// # use auth_syntax::{Challenge, NoRoom};
    /// let mut out = *b"............";
    /// assert_eq!(Challenge::new("Basic", &[]).write_to(&mut out, 2), Ok(7));
    /// assert_eq!(&out, b"..Basic.....");
    /// assert_eq!(Challenge::new("Basic", &[]).write_to(&mut out, 8), Err(NoRoom));
    /// ```
    ///
    /// # Errors
    /// [`NoRoom`] if it does not fit; `out` may then hold its beginning.
    pub const fn write_to(&self, out: &mut [u8], at: usize) -> Result<usize, NoRoom> {
        let len = out.len();
        let Some((_, free)) = out.split_at_mut_checked(at) else {
            return Err(NoRoom);
        };
        let mut room = Room { free, full: false }.put(self.scheme.as_bytes());
        match self.body {
            Body::Token68(text) => {
                room = room.put(b" ").put(text.as_bytes());
            }
            Body::Params(params) => {
                let mut next = 0;
                while next < params.len() {
                    room = room.put(separator(next)).put_param(params[next]);
                    next += 1;
                }
            }
        }
        if room.full {
            Err(NoRoom)
        } else {
            Ok(len - room.free.len())
        }
    }
}

/// The same octets as [`Challenge::write_to`].
impl fmt::Display for Challenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.scheme)?;
        match self.body {
            Body::Token68(text) => write!(f, " {text}"),
            Body::Params(params) => params.iter().enumerate().try_for_each(|(at, param)| {
                f.write_str(if at == 0 { " " } else { ", " })?;
                param.fmt(f)
            }),
        }
    }
}

/// As it stands in a challenge: `realm="API"`.
impl fmt::Display for Param<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.value {
            Value::Token(text) => write!(f, "{}={text}", self.name),
            Value::Quoted(text) => {
                write!(f, "{}=\"", self.name)?;
                for run in text.split_inclusive(ESCAPED) {
                    match run.strip_suffix(ESCAPED) {
                        Some(plain) => write!(f, "{plain}\\{}", &run[plain.len()..])?,
                        None => f.write_str(run)?,
                    }
                }
                f.write_str("\"")
            }
        }
    }
}

/// The output is too small; [`Challenge::written_len`] says how much is needed.
///
/// ```
/// # use auth_syntax::{Challenge, NoRoom};
/// assert_eq!(Challenge::new("Basic", &[]).write_to(&mut [0; 4], 0), Err(NoRoom));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoRoom;

impl fmt::Display for NoRoom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the challenge does not fit; `Challenge::written_len` says how long it is")
    }
}

impl core::error::Error for NoRoom {}

/// What stands before a parameter: the one space behind the scheme, or the list's separator.
const fn separator(at: usize) -> &'static [u8] {
    if at == 0 { b" " } else { b", " }
}

/// RFC 9110 §5.6.4: what cannot stand for itself in a quoted-string.
const ESCAPED: [char; 2] = ['"', '\\'];

/// How many octets of `text` need a backslash.
const fn escapes(text: &[u8]) -> usize {
    let mut count = 0;
    let mut rest = skip_eights(text, ERROR_TEXT);
    loop {
        rest = match rest {
            [b'"' | b'\\', tail @ ..] => {
                count += 1;
                skip_eights(tail, ERROR_TEXT)
            }
            [_, tail @ ..] => tail,
            [] => return count,
        };
    }
}

/// What is still free of the output. It remembers that it was too small instead of returning an
/// error at each step: `?` is not available in const functions.
struct Room<'o> {
    free: &'o mut [u8],
    full: bool,
}

impl Room<'_> {
    const fn put_param(self, param: Param<'_>) -> Self {
        let room = self.put(param.name.as_bytes());
        match param.value {
            Value::Token(text) => room.put(b"=").put(text.as_bytes()),
            Value::Quoted(text) => room.put(b"=\"").put_escaped(text.as_bytes()).put(b"\""),
        }
    }

    const fn put_escaped(mut self, text: &[u8]) -> Self {
        let mut run = text;
        let mut rest = skip_eights(text, ERROR_TEXT);
        loop {
            rest = match rest {
                [b'"' | b'\\', tail @ ..] => {
                    let (plain, from_escaped) = run.split_at(run.len() - rest.len());
                    self = self.put(plain).put(b"\\");
                    // The escaped octet itself belongs to the next run.
                    run = from_escaped;
                    skip_eights(tail, ERROR_TEXT)
                }
                [_, tail @ ..] => tail,
                [] => return self.put(run),
            };
        }
    }

    /// Octet by octet: in const evaluation `split_at_mut` and `copy_from_slice` together cost as
    /// much as some fifty octets do here, and few values are longer.
    #[expect(
        clippy::many_single_char_names,
        reason = "eight octets and eight places: no name says more"
    )]
    const fn put(self, bytes: &[u8]) -> Self {
        let mut from = bytes;
        let mut to = self.free;
        loop {
            (from, to) = match (from, to) {
                (&[a, b, c, d, e, f, g, h, ref from @ ..], [s, t, u, v, w, x, y, z, to @ ..]) => {
                    *s = a;
                    *t = b;
                    *u = c;
                    *v = d;
                    *w = e;
                    *x = f;
                    *y = g;
                    *z = h;
                    (from, to)
                }
                (&[a, ref from @ ..], [s, to @ ..]) => {
                    *s = a;
                    (from, to)
                }
                ([_, ..], []) => {
                    return Self {
                        free: &mut [],
                        full: true,
                    };
                }
                ([], free) => {
                    return Self {
                        free,
                        full: self.full,
                    };
                }
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;

    const API: Param<'_> = Param::quoted("realm", "API");

    // E-1, E-3, E-5
    #[test]
    fn challenges_as_clients_expect_them() {
        let basic = [
            Param::quoted("realm", "Secured area"),
            Param::quoted("charset", "UTF-8"),
        ];
        assert_eq!(
            Challenge::new("Basic", &basic).to_string(),
            r#"Basic realm="Secured area", charset="UTF-8""#
        );
        assert_eq!(
            Challenge::new("Bearer", &[API]).to_string(),
            r#"Bearer realm="API""#
        );
    }

    // H-9
    #[test]
    fn quotes_and_backslashes_are_escaped() {
        let params = [Param::quoted("realm", r#"a"b\c and ""#)];
        let challenge = Challenge::new("Basic", &params);
        assert_eq!(challenge.check(), Ok(()));
        assert_eq!(challenge.to_string(), r#"Basic realm="a\"b\\c and \"""#);
    }
}
