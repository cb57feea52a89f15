//! Reading parameters: `auth-param` (RFC 9110 §11.2).

use core::fmt;

use crate::MAX_PARAMS;
use crate::cursor::Cursor;
use crate::error::{SyntaxError, SyntaxErrorKind};

/// A parameter that was read (RFC 9110 §11.2).
///
/// ```
/// # use auth_syntax::Challenges;
/// let basic = Challenges::new(b"Basic realm = simple").next().unwrap()?;
/// let param = basic.params().next().unwrap();
/// assert_eq!((param.name, param.value.as_str()), ("realm", Some("simple")));
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ParamRef<'a> {
    /// The name as it was sent; names match without regard to case, see [`is`](Self::is).
    pub name: &'a str,
    /// The value: a token or a quoted-string, which mean the same.
    pub value: ValueRef<'a>,
}

impl ParamRef<'_> {
    /// Is this the parameter of that name? Case is ignored (RFC 9110 §11.2).
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// let basic = Challenges::new(b"BASIC REALM=\"foo\"").next().unwrap()?;
    /// assert!(basic.params().next().unwrap().is("realm"));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name)
    }
}

/// The value of a parameter: borrowed, with its escapes if it has any.
///
/// `Display` writes what it means; octets that are not UTF-8 become U+FFFD.
///
/// ```
/// # use auth_syntax::Challenges;
/// let basic = Challenges::new(br#"Basic realm="\"foo\"""#).next().unwrap()?;
/// let realm = basic.param("realm").unwrap();
/// assert!(realm.eq_str(r#""foo""#));
/// assert_eq!(realm.to_string(), r#""foo""#);
/// assert_eq!(realm.as_str(), None); // it would have to be copied
/// assert!(realm.unescaped().eq(*br#""foo""#));
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
///
/// `Debug` does not show the value: credentials have parameters, too, and they are secrets.
#[derive(Clone, Copy)]
pub struct ValueRef<'a> {
    /// Between the quotes, if it is quoted.
    raw: &'a [u8],
    quoted: bool,
}

impl<'a> ValueRef<'a> {
    /// The text, if it can be borrowed: it holds no escape, and is UTF-8.
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// let basic = Challenges::new(br#"Basic realm="simple""#).next().unwrap()?;
    /// assert_eq!(basic.param("realm").unwrap().as_str(), Some("simple"));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub fn as_str(&self) -> Option<&'a str> {
        if self.raw.contains(&b'\\') {
            return None;
        }
        core::str::from_utf8(self.raw).ok()
    }

    /// The octets that the value means: of `\"`, only the quote (RFC 9110 §5.6.4).
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// let basic = Challenges::new(br#"Basic realm="\f\o\o""#).next().unwrap()?;
    /// assert!(basic.param("realm").unwrap().unescaped().eq(*b"foo"));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub const fn unescaped(&self) -> Unescaped<'a> {
        Unescaped { raw: self.raw }
    }

    /// Does the value mean this text? Case matters.
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// let basic = Challenges::new(br#"Basic realm="\f\o\o""#).next().unwrap()?;
    /// assert!(basic.param("realm").unwrap().eq_str("foo"));
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub fn eq_str(&self, text: &str) -> bool {
        self.unescaped().eq(text.bytes())
    }

    /// Was it sent as a quoted-string? Some schemes restrict the form (RFC 9110 §11.2).
    ///
    /// ```
    /// # use auth_syntax::Challenges;
    /// let digest = Challenges::new(br#"Digest realm="a", stale=true"#).next().unwrap()?;
    /// assert!(digest.param("realm").unwrap().is_quoted());
    /// assert!(!digest.param("stale").unwrap().is_quoted());
    /// # Ok::<(), auth_syntax::SyntaxError>(())
    /// ```
    pub const fn is_quoted(&self) -> bool {
        self.quoted
    }
}

/// Values are equal if they mean the same, in whichever form.
impl PartialEq for ValueRef<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.unescaped().eq(other.unescaped())
    }
}

impl Eq for ValueRef<'_> {}

impl fmt::Display for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.raw;
        while let Some(at) = rest.iter().position(|b| *b == b'\\') {
            write_lossy(&rest[..at], f)?;
            // What was escaped may be a backslash: write it here, or it would count as another.
            let escaped = rest.get(at + 1..).unwrap_or_default();
            let len = char_len(escaped);
            write_lossy(&escaped[..len], f)?;
            rest = &escaped[len..];
        }
        write_lossy(rest, f)
    }
}

impl fmt::Debug for ValueRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ValueRef")
            .field("quoted", &self.quoted)
            .finish_non_exhaustive()
    }
}

/// The octets of a value without their escapes: see [`ValueRef::unescaped`].
///
/// ```
/// # use auth_syntax::Challenges;
/// let basic = Challenges::new(br#"Basic realm="a\\b""#).next().unwrap()?;
/// let realm: Vec<u8> = basic.param("realm").unwrap().unescaped().collect();
/// assert_eq!(realm, br"a\b");
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
#[derive(Clone)]
pub struct Unescaped<'a> {
    raw: &'a [u8],
}

impl fmt::Debug for Unescaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Unescaped").finish_non_exhaustive()
    }
}

impl Iterator for Unescaped<'_> {
    type Item = u8;

    fn next(&mut self) -> Option<u8> {
        let (b, rest) = match self.raw {
            [b'\\', escaped, rest @ ..] => (escaped, rest),
            [b, rest @ ..] => (b, rest),
            [] => return None,
        };
        self.raw = rest;
        Some(*b)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        (self.raw.len().div_ceil(2), Some(self.raw.len()))
    }
}

impl core::iter::FusedIterator for Unescaped<'_> {}

/// The parameters of a challenge, in the order in which they were sent.
///
/// ```
/// # use auth_syntax::Challenges;
/// let challenge = Challenges::new(b"Newauth type=1, , title=\"Login\"").next().unwrap()?;
/// let names: Vec<_> = challenge.params().map(|param| param.name).collect();
/// assert_eq!(names, ["type", "title"]);
/// # Ok::<(), auth_syntax::SyntaxError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Params<'a> {
    /// Was read once before, without an error.
    list: Cursor<'a>,
}

impl<'a> Params<'a> {
    pub(crate) const fn new(list: &'a [u8]) -> Self {
        Self {
            list: Cursor::new(list),
        }
    }
}

impl<'a> Iterator for Params<'a> {
    type Item = ParamRef<'a>;

    fn next(&mut self) -> Option<ParamRef<'a>> {
        self.list.skip_commas();
        read_param(&mut self.list).ok()
    }
}

impl core::iter::FusedIterator for Params<'_> {}

/// `token BWS "=" BWS ( token / quoted-string )`
pub(crate) fn read_param<'a>(cursor: &mut Cursor<'a>) -> Result<ParamRef<'a>, SyntaxError> {
    let name = cursor.token()?;
    cursor.skip_ows();
    if !cursor.eat(b'=') {
        return Err(cursor.error(SyntaxErrorKind::MissingEquals));
    }
    cursor.skip_ows();
    Ok(ParamRef {
        name,
        value: read_value(cursor)?,
    })
}

fn read_value<'a>(cursor: &mut Cursor<'a>) -> Result<ValueRef<'a>, SyntaxError> {
    if cursor.eat(b'"') {
        return Ok(ValueRef {
            raw: cursor.quoted()?,
            quoted: true,
        });
    }
    match cursor.token() {
        Ok(token) => Ok(ValueRef {
            raw: token.as_bytes(),
            quoted: false,
        }),
        Err(_) => Err(cursor.error(SyntaxErrorKind::MissingValue)),
    }
}

/// Steps to the first parameter of a list, and tells whether there was a comma before it. Without
/// one the parameter stands directly behind the scheme's spaces: a tab is not among them.
pub(crate) fn begin_list(cursor: &mut Cursor<'_>) -> Result<bool, SyntaxError> {
    let start = *cursor;
    let behind_comma = cursor.skip_commas();
    if behind_comma || cursor.at() == start.at() || cursor.peek().is_none() {
        Ok(behind_comma)
    } else {
        Err(start.error(SyntaxErrorKind::NotAToken))
    }
}

/// Steps over what may follow a list element: white space, then a comma (left alone) or the end.
pub(crate) fn end_element(cursor: &mut Cursor<'_>) -> Result<(), SyntaxError> {
    cursor.skip_ows();
    if cursor.ends_element() {
        Ok(())
    } else {
        Err(cursor.error(SyntaxErrorKind::MissingComma))
    }
}

/// The names that occurred in one challenge or one set of credentials. Each octet of a name is
/// compared at most [`MAX_PARAMS`] times.
#[derive(Clone, Debug)]
pub(crate) struct Names<'a> {
    seen: [&'a str; MAX_PARAMS],
    count: usize,
}

impl<'a> Names<'a> {
    pub(crate) const fn new() -> Self {
        Self {
            seen: [""; MAX_PARAMS],
            count: 0,
        }
    }

    /// RFC 9110 §11.2: a name occurs at most once, whatever its case.
    pub(crate) fn add(&mut self, name: &'a str) -> Result<(), SyntaxErrorKind> {
        let (seen, free) = self.seen.split_at_mut(self.count);
        if seen.iter().any(|other| other.eq_ignore_ascii_case(name)) {
            return Err(SyntaxErrorKind::RepeatedName);
        }
        *free.first_mut().ok_or(SyntaxErrorKind::TooManyParams)? = name;
        self.count += 1;
        Ok(())
    }
}

/// How long the first character is; one octet if it is none.
fn char_len(bytes: &[u8]) -> usize {
    let first = bytes
        .utf8_chunks()
        .next()
        .and_then(|chunk| chunk.valid().chars().next());
    first.map_or(bytes.len().min(1), char::len_utf8)
}

fn write_lossy(bytes: &[u8], f: &mut fmt::Formatter<'_>) -> fmt::Result {
    for chunk in bytes.utf8_chunks() {
        f.write_str(chunk.valid())?;
        if !chunk.invalid().is_empty() {
            f.write_str("\u{FFFD}")?;
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::string::ToString;
    use std::vec::Vec;

    const fn quoted(raw: &[u8]) -> ValueRef<'_> {
        ValueRef { raw, quoted: true }
    }

    #[test]
    fn a_value_is_shown_without_its_escapes() {
        for (raw, shown) in [
            (&b""[..], ""),
            (b"a", "a"),
            (br#"\a\\\\b\""#, r#"a\\b""#),
            ("\\é\\\\é".as_bytes(), "é\\é"),
            (b"a\xE9b", "a\u{FFFD}b"),
            (b"\\\xE9b", "\u{FFFD}b"),
            (b"\xC3\\\xA9", "\u{FFFD}\u{FFFD}"),
        ] {
            assert_eq!(quoted(raw).to_string(), shown, "{}", raw.escape_ascii());
        }
    }

    #[test]
    fn a_value_is_borrowed_if_it_needs_no_change() {
        assert_eq!(quoted("é".as_bytes()).as_str(), Some("é"));
        assert_eq!(quoted(b"a\\b").as_str(), None);
        assert_eq!(quoted(b"\xE9").as_str(), None);
    }

    #[test]
    fn values_are_compared_by_what_they_mean() {
        let token = ValueRef {
            raw: b"foo",
            quoted: false,
        };
        assert_eq!(quoted(br"\f\o\o"), token);
        assert_ne!(quoted(b"Foo"), token);
        assert!(quoted(br"\f\o\o").eq_str("foo"));
        for other in ["fo", "fooo", "Foo", r"\f\o\o"] {
            assert!(!quoted(br"\f\o\o").eq_str(other), "{other}");
        }
    }

    #[test]
    fn the_number_of_octets_is_within_its_bounds() {
        for raw in [&b""[..], b"a", br"\a", br"\a\b", br"a\bc"] {
            let octets = quoted(raw).unescaped();
            let (least, most) = octets.size_hint();
            let count = octets.collect::<Vec<_>>().len();
            assert!(
                least <= count && Some(count) <= most,
                "{}",
                raw.escape_ascii()
            );
        }
    }
}
