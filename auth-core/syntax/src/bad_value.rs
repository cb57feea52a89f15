//! Why a value cannot be sent, told to the developer who wrote it.

use core::fmt;

/// Why a value cannot be sent. `Display` tells the developer who wrote it what to write instead.
///
/// ```
/// let bad = auth_syntax::check_scope("orders:\"read\"").unwrap_err();
/// assert_eq!(
///     bad.to_string(),
///     "`\"` at byte 7; a scope holds printable ASCII without spaces, `\"` and `\\`",
/// );
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BadValue {
    /// Where, as an octet's offset in the value.
    pub at: usize,
    /// The octet there; 0 if the value is empty.
    pub found: u8,
    /// What is wrong with it.
    pub problem: Problem,
    /// What the value was to be.
    pub expected: Expected,
}

/// What is wrong with an octet of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Problem {
    /// There is none: the value is empty.
    Empty,
    /// A control octet (00-1F, 7F).
    Control,
    /// An octet of a character beyond ASCII (80-FF).
    NonAscii,
    /// Printable, but not allowed here.
    NotAllowed,
    /// A space before the first scope or behind the last.
    EdgeSpace,
    /// A second space between two scopes.
    DoubleSpace,
}

/// What a value was to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Expected {
    /// [`check_token`](crate::check_token)
    Token,
    /// [`check_token68`](crate::check_token68)
    Token68,
    /// [`check_scope`](crate::check_scope)
    Scope,
    /// [`check_quotable`](crate::check_quotable)
    Quotable,
    /// [`check_error_text`](crate::check_error_text)
    ErrorText,
}

impl fmt::Display for BadValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.problem {
            Problem::Empty => f.write_str("an empty value")?,
            Problem::EdgeSpace => write!(f, "a space at the edge, at byte {}", self.at)?,
            Problem::DoubleSpace => write!(f, "a second space at byte {}", self.at)?,
            Problem::Control => write!(f, "{} at byte {}", Control(self.found), self.at)?,
            Problem::NonAscii => write!(f, "a character beyond ASCII at byte {}", self.at)?,
            Problem::NotAllowed if self.found == b' ' => write!(f, "a space at byte {}", self.at)?,
            Problem::NotAllowed => write!(f, "`{}` at byte {}", char::from(self.found), self.at)?,
        }
        f.write_str("; ")?;
        f.write_str(self.advice())
    }
}

impl core::error::Error for BadValue {}

impl BadValue {
    const fn advice(&self) -> &'static str {
        match (self.expected, self.problem) {
            (Expected::Scope, Problem::Empty) => "name at least one scope",
            (Expected::Scope, Problem::EdgeSpace | Problem::DoubleSpace) => {
                "separate scopes by exactly one space"
            }
            (Expected::Scope, _) => "a scope holds printable ASCII without spaces, `\"` and `\\`",
            (Expected::Quotable, _) => "use printable ASCII only",
            (Expected::ErrorText, _) => "use printable ASCII without `\"` and `\\`",
            (Expected::Token, _) => "use letters, digits and !#$%&'*+-.^_`|~ only",
            (Expected::Token68, _) => "use letters, digits and -._~+/ only, then `=` as padding",
        }
    }

    pub(crate) const fn empty(expected: Expected) -> Self {
        Self {
            at: 0,
            found: 0,
            problem: Problem::Empty,
            expected,
        }
    }

    pub(crate) const fn octet(bytes: &[u8], at: usize, expected: Expected) -> Self {
        let found = bytes[at];
        let problem = match found {
            0x00..=0x1F | 0x7F => Problem::Control,
            0x80..=0xFF => Problem::NonAscii,
            _ => Problem::NotAllowed,
        };
        Self {
            at,
            found,
            problem,
            expected,
        }
    }

    pub(crate) const fn space(at: usize, len: usize) -> Self {
        let problem = if at == 0 || at + 1 == len {
            Problem::EdgeSpace
        } else {
            Problem::DoubleSpace
        };
        Self {
            at,
            found: b' ',
            problem,
            expected: Expected::Scope,
        }
    }
}

/// A control octet by its name, where it has a common one.
struct Control(u8);

impl fmt::Display for Control {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0x00 => f.write_str("a NUL"),
            b'\t' => f.write_str("a tab"),
            b'\n' => f.write_str("a line feed"),
            b'\r' => f.write_str("a carriage return"),
            other => write!(f, "the control octet 0x{other:02X}"),
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use crate::class::{check_error_text, check_quotable, check_scope, check_token, check_token68};
    use std::string::ToString;

    // H-10, H-11
    #[test]
    fn a_bad_value_is_explained() {
        let text = |bad: Result<(), BadValue>| bad.unwrap_err().to_string();
        assert_eq!(
            text(check_quotable("a\rb")),
            "a carriage return at byte 1; use printable ASCII only"
        );
        assert_eq!(
            text(check_quotable("\0")),
            "a NUL at byte 0; use printable ASCII only"
        );
        assert_eq!(
            text(check_quotable("a\t")),
            "a tab at byte 1; use printable ASCII only"
        );
        assert_eq!(
            text(check_quotable("\u{7F}")),
            "the control octet 0x7F at byte 0; use printable ASCII only"
        );
        assert_eq!(
            text(check_quotable("Café")),
            "a character beyond ASCII at byte 3; use printable ASCII only"
        );
        assert_eq!(
            text(check_error_text("")),
            "an empty value; use printable ASCII without `\"` and `\\`"
        );
        assert_eq!(
            text(check_scope("")),
            "an empty value; name at least one scope"
        );
        assert_eq!(
            text(check_scope("a ")),
            "a space at the edge, at byte 1; separate scopes by exactly one space"
        );
        assert_eq!(
            text(check_scope("a  b")),
            "a second space at byte 2; separate scopes by exactly one space"
        );
        assert_eq!(
            text(check_token("Basic realm")),
            "a space at byte 5; use letters, digits and !#$%&'*+-.^_`|~ only",
        );
        assert_eq!(
            text(check_token68("a,")),
            "`,` at byte 1; use letters, digits and -._~+/ only, then `=` as padding",
        );
    }
}
