//! Classes of octets, and the checks of whole values that are made from them.
//!
//! The classes are one table, computed at compile time; each bit comes from one line of an RFC.

use crate::bad_value::{BadValue, Expected};

/// Is `b` a `tchar` (RFC 9110 §5.6.2)?
///
/// ```
/// assert!(auth_syntax::is_tchar(b'-'));
/// assert!(!auth_syntax::is_tchar(b';'));
/// ```
pub const fn is_tchar(b: u8) -> bool {
    has(b, TCHAR)
}

/// Is `s` a `token`, that is, one or more [`tchar`](is_tchar) (RFC 9110 §5.6.2)?
///
/// ```
/// assert!(auth_syntax::is_token("X-API-Key"));
/// assert!(!auth_syntax::is_token("Basic;"));
/// assert!(!auth_syntax::is_token(""));
/// ```
pub const fn is_token(s: &str) -> bool {
    check_token(s).is_ok()
}

/// Is `s` a `token68` (RFC 9110 §11.2)?
///
/// ```
/// assert!(auth_syntax::is_token68("QWxhZGRpbjpvcGVuIHNlc2FtZQ=="));
/// assert!(!auth_syntax::is_token68("=="));
/// ```
pub const fn is_token68(s: &str) -> bool {
    check_token68(s).is_ok()
}

/// Is `s` a `b64token` (RFC 6750 §2.1)? The rule is that of [`is_token68`] under another name.
///
/// ```
/// assert!(auth_syntax::is_b64token(b"mF_9.B5f-4.1JqM"));
/// assert!(!auth_syntax::is_b64token(b"\"mF_9.B5f-4.1JqM\""));
/// ```
pub const fn is_b64token(s: &[u8]) -> bool {
    token68_problem(s).is_none()
}

/// Is `s` one `scope-token` (RFC 6749 §3.3, RFC 6750 §3)?
///
/// ```
/// assert!(auth_syntax::is_scope_token("orders:read"));
/// assert!(!auth_syntax::is_scope_token("orders:read orders:write"));
/// ```
pub const fn is_scope_token(s: &str) -> bool {
    !s.is_empty() && first_outside(s.as_bytes(), SCOPE).is_none()
}

/// Checks a `token` (RFC 9110 §5.6.2): a scheme, the name of a parameter, an unquoted value.
///
/// ```
/// let bad = auth_syntax::check_token("Basic;").unwrap_err();
/// assert_eq!(bad.at, 5);
/// assert_eq!(bad.found, b';');
/// ```
pub const fn check_token(s: &str) -> Result<(), BadValue> {
    match first_outside(s.as_bytes(), TCHAR) {
        Some(at) => Err(BadValue::octet(s.as_bytes(), at, Expected::Token)),
        None if s.is_empty() => Err(BadValue::empty(Expected::Token)),
        None => Ok(()),
    }
}

/// Checks a `token68` (RFC 9110 §11.2).
///
/// ```
/// assert!(auth_syntax::check_token68("aaaa==").is_ok());
/// assert_eq!(auth_syntax::check_token68("aa=aa").unwrap_err().at, 3);
/// ```
pub const fn check_token68(s: &str) -> Result<(), BadValue> {
    match token68_problem(s.as_bytes()) {
        Some(bad) => Err(bad),
        None => Ok(()),
    }
}

/// Checks a list of scopes: one or more [scope-tokens](is_scope_token) with exactly one space
/// between them (RFC 6749 §3.3, RFC 6750 §3).
///
/// ```
/// use auth_syntax::{Problem, check_scope};
///
/// assert!(check_scope("orders:read orders:write").is_ok());
/// let bad = check_scope("orders:read  orders:write").unwrap_err();
/// assert_eq!((bad.at, bad.problem), (12, Problem::DoubleSpace));
/// ```
pub const fn check_scope(s: &str) -> Result<(), BadValue> {
    let bytes = s.as_bytes();
    if bytes.is_empty() {
        return Err(BadValue::empty(Expected::Scope));
    }
    let mut at = 0;
    let mut behind_space = true;
    while at < bytes.len() {
        if bytes[at] == b' ' {
            if behind_space {
                return Err(BadValue::space(at, bytes.len()));
            }
            behind_space = true;
        } else if has(bytes[at], SCOPE) {
            behind_space = false;
        } else {
            return Err(BadValue::octet(bytes, at, Expected::Scope));
        }
        at += 1;
    }
    if behind_space {
        return Err(BadValue::space(bytes.len() - 1, bytes.len()));
    }
    Ok(())
}

/// Checks text that a server may put into a `quoted-string`: printable ASCII, 20-7E. `"` and `\` are
/// among it; the writer escapes them.
///
/// The grammar (RFC 9110 §5.6.4) would also allow a tab and octets above 7F, but clients do not
/// agree on what those mean.
///
/// ```
/// use auth_syntax::{Problem, check_quotable};
///
/// assert!(check_quotable(r#"the "blue" zone"#).is_ok());
/// let bad = check_quotable("API\nX-Injected: 1").unwrap_err();
/// assert_eq!((bad.at, bad.problem), (3, Problem::Control));
/// assert_eq!(bad.to_string(), "a line feed at byte 3; use printable ASCII only");
/// ```
pub const fn check_quotable(s: &str) -> Result<(), BadValue> {
    match first_outside(s.as_bytes(), PRINTABLE) {
        Some(at) => Err(BadValue::octet(s.as_bytes(), at, Expected::Quotable)),
        None => Ok(()),
    }
}

/// Checks a value for `error` or `error_description`: not empty, and only 20-21, 23-5B, 5D-7E
/// (RFC 6750 §3), which leaves out `"` and `\`.
///
/// ```
/// assert!(auth_syntax::check_error_text("Token expired").is_ok());
/// assert_eq!(auth_syntax::check_error_text(r#"the "exp" claim"#).unwrap_err().at, 4);
/// ```
pub const fn check_error_text(s: &str) -> Result<(), BadValue> {
    match first_outside(s.as_bytes(), ERROR_TEXT) {
        Some(at) => Err(BadValue::octet(s.as_bytes(), at, Expected::ErrorText)),
        None if s.is_empty() => Err(BadValue::empty(Expected::ErrorText)),
        None => Ok(()),
    }
}

pub(crate) const fn has(b: u8, class: u8) -> bool {
    CLASSES[b as usize] & class != 0
}

/// The offset of the first octet that is not of the class.
const fn first_outside(bytes: &[u8], class: u8) -> Option<usize> {
    let mut rest = skip_eights(bytes, class);
    while let [b, tail @ ..] = rest {
        if CLASSES[*b as usize] & class == 0 {
            return Some(bytes.len() - rest.len());
        }
        rest = tail;
    }
    None
}

/// Steps over octets of the class, eight at a time; up to seven of them may remain.
///
/// Most of the writer's work is done in const evaluation, once for each handler of an application.
/// There each statement counts: this takes a third of what one octet at a time takes.
pub(crate) const fn skip_eights(mut bytes: &[u8], class: u8) -> &[u8] {
    while let [a, b, c, d, e, f, g, h, tail @ ..] = bytes {
        let all = CLASSES[*a as usize]
            & CLASSES[*b as usize]
            & CLASSES[*c as usize]
            & CLASSES[*d as usize]
            & CLASSES[*e as usize]
            & CLASSES[*f as usize]
            & CLASSES[*g as usize]
            & CLASSES[*h as usize];
        if all & class == 0 {
            break;
        }
        bytes = tail;
    }
    bytes
}

/// `1*( ALPHA / DIGIT / "-" / "." / "_" / "~" / "+" / "/" ) *"="`
const fn token68_problem(bytes: &[u8]) -> Option<BadValue> {
    let Some(mut at) = first_outside(bytes, TOKEN68) else {
        return match bytes {
            [] => Some(BadValue::empty(Expected::Token68)),
            _ => None,
        };
    };
    if at == 0 {
        return Some(BadValue::octet(bytes, at, Expected::Token68));
    }
    while at < bytes.len() {
        if bytes[at] != b'=' {
            return Some(BadValue::octet(bytes, at, Expected::Token68));
        }
        at += 1;
    }
    None
}

// No doc comment: the rule holds a backtick.
// RFC 9110 §5.6.2: tchar = "!" / "#" / "$" / "%" / "&" / "'" / "*" / "+" / "-" / "." / "^" / "_" /
// "`" / "|" / "~" / DIGIT / ALPHA
pub(crate) const TCHAR: u8 = 1 << 0;
/// RFC 9110 §11.2: what `token68` holds before its padding.
pub(crate) const TOKEN68: u8 = 1 << 1;
/// RFC 6749 §3.3: `scope-token = 1*( %x21 / %x23-5B / %x5D-7E )`
const SCOPE: u8 = 1 << 2;
/// RFC 6750 §3: `error` and `error_description` hold 20-21, 23-5B, 5D-7E.
/// Of printable ASCII that is all but what a quoted-string must escape.
pub(crate) const ERROR_TEXT: u8 = 1 << 3;
/// RFC 5234 §B.1: `SP` and `VCHAR`, that is, 20-7E.
const PRINTABLE: u8 = 1 << 4;
/// RFC 9110 §5.6.4: `qdtext = HTAB / SP / %x21 / %x23-5B / %x5D-7E / obs-text`
pub(crate) const QDTEXT: u8 = 1 << 5;
/// RFC 9110 §5.6.4: `quoted-pair = "\" ( HTAB / SP / VCHAR / obs-text )`
pub(crate) const QUOTED_PAIR: u8 = 1 << 6;
/// RFC 9110 §5.6.3: `OWS = *( SP / HTAB )`
pub(crate) const OWS: u8 = 1 << 7;

static CLASSES: [u8; 256] = classes();

const fn classes() -> [u8; 256] {
    let mut classes = [0; 256];
    let mut b = 0u8;
    loop {
        classes[b as usize] = classes_of(b);
        if b == 0xFF {
            return classes;
        }
        b += 1;
    }
}

const fn classes_of(b: u8) -> u8 {
    let mut classes = 0;
    if matches!(
        b,
        b'!' | b'#' | b'$' | b'%' | b'&' | b'\'' | b'*' | b'+' | b'-' | b'.'
    ) || matches!(b, b'^' | b'_' | b'`' | b'|' | b'~')
        || b.is_ascii_alphanumeric()
    {
        classes |= TCHAR;
    }
    if b.is_ascii_alphanumeric() || matches!(b, b'-' | b'.' | b'_' | b'~' | b'+' | b'/') {
        classes |= TOKEN68;
    }
    if matches!(b, 0x21 | 0x23..=0x5B | 0x5D..=0x7E) {
        classes |= SCOPE;
    }
    if matches!(b, 0x20..=0x21 | 0x23..=0x5B | 0x5D..=0x7E) {
        classes |= ERROR_TEXT;
    }
    if matches!(b, 0x20..=0x7E) {
        classes |= PRINTABLE;
    }
    if matches!(b, b'\t' | b' ' | 0x21 | 0x23..=0x5B | 0x5D..=0x7E | 0x80..=0xFF) {
        classes |= QDTEXT;
    }
    if matches!(b, b'\t' | b' ' | 0x21..=0x7E | 0x80..=0xFF) {
        classes |= QUOTED_PAIR;
    }
    if matches!(b, b'\t' | b' ') {
        classes |= OWS;
    }
    classes
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::bad_value::Problem;
    use std::format;

    type Class = fn(u8) -> bool;
    type Check = fn(&str) -> bool;

    /// The characters of RFC 9110 §5.6.2, by their other description: any VCHAR, except delimiters.
    #[test]
    fn tchar_is_any_vchar_except_delimiters() {
        for b in 0..=u8::MAX {
            let vchar = (0x21..=0x7E).contains(&b);
            assert_eq!(
                is_tchar(b),
                vchar && !b"\"(),/:;<=>?@[\\]{}".contains(&b),
                "{b:#x}"
            );
        }
    }

    /// Each check against its class, with the octet at each place of a value longer than an eight.
    /// An octet above 7F cannot stand alone in a `str`: H-11 is tested below.
    #[test]
    fn checks_look_at_every_octet() {
        let classes: [(&str, Class, Check); 5] = [
            ("token", is_tchar, is_token),
            (
                "quotable",
                |b| (0x20..=0x7E).contains(&b),
                |s| check_quotable(s).is_ok(),
            ),
            (
                "error text",
                |b| (0x20..=0x7E).contains(&b) && b != b'"' && b != b'\\',
                |s| check_error_text(s).is_ok(),
            ),
            (
                "scope token",
                |b| (0x21..=0x7E).contains(&b) && b != b'"' && b != b'\\',
                is_scope_token,
            ),
            (
                "token68",
                |b| b.is_ascii_alphanumeric() || b"-._~+/".contains(&b),
                |s| is_token68(&format!("{s}a")),
            ),
        ];
        for (name, in_class, check) in classes {
            for b in 0..0x80 {
                for at in 0..19 {
                    let value =
                        format!("{}{}{}", "a".repeat(at), char::from(b), "a".repeat(18 - at));
                    assert_eq!(check(&value), in_class(b), "{name}: {b:#x} at {at}");
                }
            }
        }
    }

    // T-14
    #[test]
    fn scopes_are_separated_by_exactly_one_space() {
        use Problem::{Control, DoubleSpace, EdgeSpace, Empty, NonAscii, NotAllowed};
        let problem = |s| check_scope(s).err().map(|bad| (bad.at, bad.problem));
        assert_eq!(problem("a"), None);
        assert_eq!(problem("orders:read a!~ #[]"), None);
        assert_eq!(problem(""), Some((0, Empty)));
        assert_eq!(problem(" "), Some((0, EdgeSpace)));
        assert_eq!(problem(" a"), Some((0, EdgeSpace)));
        assert_eq!(problem("a "), Some((1, EdgeSpace)));
        assert_eq!(problem("a  b"), Some((2, DoubleSpace)));
        assert_eq!(problem("a\tb"), Some((1, Control)));
        assert_eq!(problem("a b\""), Some((3, NotAllowed)));
        assert_eq!(problem("a\\b"), Some((1, NotAllowed)));
        assert_eq!(problem("aé"), Some((1, NonAscii)));
    }

    // T-3
    #[test]
    fn padding_stands_at_the_end_of_a_token68() {
        for good in ["a", "a=", "a====", "mF_9.B5f-4.1JqM", "aaaaaaaa==", "a~+/"] {
            assert!(is_token68(good) && is_b64token(good.as_bytes()), "{good}");
        }
        for bad in ["", "=", "=a", "a=a", "a==a=", "a b", "\"a\"", "a,", "a=,"] {
            assert!(!is_token68(bad) && !is_b64token(bad.as_bytes()), "{bad}");
        }
        assert!(!is_b64token(b"a\xFF"));
    }

    #[test]
    fn nothing_is_no_token_no_scope_and_no_error() {
        assert!(!is_token("") && !is_scope_token(""));
        assert_eq!(check_error_text("").unwrap_err().problem, Problem::Empty);
        // RFC 9110 §5.6.4: a quoted-string may be empty.
        assert_eq!(check_quotable(""), Ok(()));
    }
}
