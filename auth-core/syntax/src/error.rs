//! Why a field value cannot be read.

use core::fmt;

use crate::{MAX_LEN, MAX_PARAMS};

/// A field value does not match the grammar, or exceeds a limit.
///
/// It holds no part of the input, so that it can be logged: credentials are secrets.
///
/// ```
/// use auth_syntax::{Challenges, SyntaxErrorKind};
///
/// let error = Challenges::new(br#"Basic; realm="API""#).next().unwrap().unwrap_err();
/// assert_eq!((error.at, error.kind), (5, SyntaxErrorKind::SchemeEnd));
/// assert_eq!(error.to_string(), "a scheme ends with a space, a comma or the field's end, at byte 5");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SyntaxError {
    /// Where, as an octet's offset in the input; at the end of the input it is the input's length.
    pub at: usize,
    /// Which rule is broken.
    pub kind: SyntaxErrorKind,
}

/// The rule that a field value breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum SyntaxErrorKind {
    /// The input holds more than [`MAX_LEN`] octets.
    TooLong,
    /// A token was to begin here: a scheme or the name of a parameter (RFC 9110 §5.6.2).
    NotAToken,
    /// A scheme is followed by something else than a space, a comma or the end (RFC 9110 §11.3).
    SchemeEnd,
    /// A parameter stands where a scheme must (RFC 9110 §11.3).
    ParamWithoutScheme,
    /// A name is not followed by `=` (RFC 9110 §11.2).
    MissingEquals,
    /// There is neither a token nor a quoted-string behind `=` (RFC 9110 §11.2).
    MissingValue,
    /// A quoted-string does not end (RFC 9110 §5.6.4).
    UnclosedQuote,
    /// A quoted-string holds a control octet (RFC 9110 §5.6.4).
    ControlInQuote,
    /// List elements are not separated by a comma (RFC 9110 §5.6.1).
    MissingComma,
    /// A parameter's name occurred before, perhaps in another case (RFC 9110 §11.2).
    RepeatedName,
    /// There are more than [`MAX_PARAMS`] parameters.
    TooManyParams,
}

impl fmt::Display for SyntaxError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, at byte {}", self.kind, self.at)
    }
}

impl fmt::Display for SyntaxErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::TooLong => return write!(f, "a field value is read up to {MAX_LEN} octets"),
            Self::TooManyParams => return write!(f, "at most {MAX_PARAMS} parameters are read"),
            Self::NotAToken => "a scheme or a parameter's name was to begin here",
            Self::SchemeEnd => "a scheme ends with a space, a comma or the field's end",
            Self::ParamWithoutScheme => "a parameter stands where a scheme must",
            Self::MissingEquals => "a parameter's name is followed by `=`",
            Self::MissingValue => "a token or a quoted-string was to follow `=`",
            Self::UnclosedQuote => "a quoted-string does not end",
            Self::ControlInQuote => "a quoted-string holds a control octet",
            Self::MissingComma => "a comma was to follow",
            Self::RepeatedName => "a parameter's name occurred before",
        })
    }
}

impl core::error::Error for SyntaxError {}
