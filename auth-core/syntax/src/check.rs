//! Checking a challenge before it is written.

use core::fmt;

use crate::bad_value::BadValue;
use crate::class::{check_quotable, check_token, check_token68};
use crate::write::{Body, Challenge, Param, Value};
use crate::{MAX_LEN, MAX_PARAMS};

impl Challenge<'_> {
    /// Checks everything that the grammar and its rules for senders ask: the scheme, the names and
    /// unquoted values are tokens; no name occurs twice (RFC 9110 §11.2); quoted values are
    /// printable ASCII; `realm` is quoted (§11.5). What passes, [`Challenges`](crate::Challenges)
    /// reads back unchanged.
    ///
    /// ```
    /// use auth_syntax::{BadChallenge, Challenge, Param};
    ///
    /// let params = [Param::quoted("realm", "API"), Param::quoted("Realm", "other")];
    /// let bad = Challenge::new("Bearer", &params).check().unwrap_err();
    /// assert_eq!(bad, BadChallenge::RepeatedName { param: 1 });
    /// ```
    pub const fn check(&self) -> Result<(), BadChallenge> {
        if let Err(bad) = check_token(self.scheme) {
            return Err(BadChallenge::Scheme(bad));
        }
        match self.body {
            Body::Token68(text) => {
                if let Err(bad) = check_token68(text) {
                    return Err(BadChallenge::Token68(bad));
                }
            }
            Body::Params(params) => {
                if params.len() > MAX_PARAMS {
                    return Err(BadChallenge::TooManyParams);
                }
                let mut at = 0;
                while at < params.len() {
                    if let Err(bad) = check_param(params, at) {
                        return Err(bad);
                    }
                    at += 1;
                }
            }
        }
        // To count the escapes costs: not done where it cannot matter.
        if self.longest() > MAX_LEN && self.written_len() > MAX_LEN {
            return Err(BadChallenge::TooLong);
        }
        Ok(())
    }

    /// The written length if every octet of the values had to be escaped.
    const fn longest(&self) -> usize {
        let mut len = self.scheme.len();
        match self.body {
            Body::Token68(text) => len += 1 + text.len(),
            Body::Params(params) => {
                let mut at = 0;
                while at < params.len() {
                    let (Value::Token(text) | Value::Quoted(text)) = params[at].value;
                    len += 5 + params[at].name.len() + 2 * text.len();
                    at += 1;
                }
            }
        }
        len
    }
}

/// Why a challenge must not be sent; `param` is the parameter's place in the list.
///
/// ```
/// use auth_syntax::{BadChallenge, Challenge, Param};
///
/// let bad = Challenge::new("Basic", &[Param::token("realm", "API")]).check().unwrap_err();
/// assert_eq!(bad, BadChallenge::UnquotedRealm { param: 0 });
/// assert_eq!(bad.to_string(), "parameter 0: write the realm with `Param::quoted`");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadChallenge {
    /// The scheme is no token (RFC 9110 §11.1).
    Scheme(BadValue),
    /// The `token68` is none (RFC 9110 §11.2).
    Token68(BadValue),
    /// The name of a parameter is no token (RFC 9110 §11.2).
    Name {
        /// Which parameter.
        param: usize,
        /// What is wrong with its name.
        bad: BadValue,
    },
    /// The value of a parameter is no token, or not printable ASCII if it is quoted.
    Value {
        /// Which parameter.
        param: usize,
        /// What is wrong with its value.
        bad: BadValue,
    },
    /// A name occurred before, perhaps in another case (RFC 9110 §11.2).
    RepeatedName {
        /// The later parameter of that name.
        param: usize,
    },
    /// `realm` is only ever sent quoted (RFC 9110 §11.5).
    UnquotedRealm {
        /// Which parameter.
        param: usize,
    },
    /// More than [`MAX_PARAMS`] parameters.
    TooManyParams,
    /// More than [`MAX_LEN`] octets.
    TooLong,
}

impl fmt::Display for BadChallenge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Scheme(bad) => write!(f, "the scheme: {bad}"),
            Self::Token68(bad) => write!(f, "the token68: {bad}"),
            Self::Name { param, bad } => write!(f, "the name of parameter {param}: {bad}"),
            Self::Value { param, bad } => write!(f, "the value of parameter {param}: {bad}"),
            Self::RepeatedName { param } => {
                write!(
                    f,
                    "parameter {param}: its name occurred before; write each name once"
                )
            }
            Self::UnquotedRealm { param } => {
                write!(f, "parameter {param}: write the realm with `Param::quoted`")
            }
            Self::TooManyParams => write!(f, "a challenge holds at most {MAX_PARAMS} parameters"),
            Self::TooLong => write!(f, "a challenge holds at most {MAX_LEN} octets"),
        }
    }
}

impl core::error::Error for BadChallenge {}

const fn check_param(params: &[Param<'_>], at: usize) -> Result<(), BadChallenge> {
    let Param { name, value } = params[at];
    if let Err(bad) = check_token(name) {
        return Err(BadChallenge::Name { param: at, bad });
    }
    let checked = match value {
        Value::Token(text) => check_token(text),
        Value::Quoted(text) => check_quotable(text),
    };
    if let Err(bad) = checked {
        return Err(BadChallenge::Value { param: at, bad });
    }
    if matches!(value, Value::Token(_)) && same_name(name, "realm") {
        return Err(BadChallenge::UnquotedRealm { param: at });
    }
    let mut before = 0;
    while before < at {
        if same_name(name, params[before].name) {
            return Err(BadChallenge::RepeatedName { param: at });
        }
        before += 1;
    }
    Ok(())
}

/// RFC 9110 §11.2: without regard to case. Const evaluation pays for the call, so it is kept for
/// names that may be the same: their first letters differ in the bit of the case at most.
const fn same_name(name: &str, other: &str) -> bool {
    let (&[first, ..], &[other_first, ..]) = (name.as_bytes(), other.as_bytes()) else {
        return false;
    };
    (first ^ other_first) & !0x20 == 0 && name.eq_ignore_ascii_case(other)
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]

    use super::*;
    use std::string::{String, ToString};

    const API: Param<'_> = Param::quoted("realm", "API");

    fn problem(params: &[Param<'_>]) -> String {
        let bad = Challenge::new("Basic", params).check().unwrap_err();
        bad.to_string()
    }

    #[test]
    fn the_scheme_is_a_token() {
        use BadChallenge::Scheme;
        let check = |scheme| Challenge::new(scheme, &[API]).check();
        assert!(matches!(check("Basic;"), Err(Scheme(bad)) if bad.at == 5)); // H-5
        assert!(matches!(check(""), Err(Scheme(_))));
        let token68 = Challenge::token68("NTLM", "a b").check();
        assert!(matches!(token68, Err(BadChallenge::Token68(bad)) if bad.at == 1));
    }

    // H-10, H-11
    #[test]
    fn names_and_values_hold_what_they_may() {
        for (param, expected) in [
            (
                Param::quoted("a b", "c"),
                "the name of parameter 1: a space at byte 1; ",
            ),
            (
                Param::token("a", "b c"),
                "the value of parameter 1: a space at byte 1; ",
            ),
            (
                Param::token("a", ""),
                "the value of parameter 1: an empty value; ",
            ),
            (
                Param::quoted("a", "b\n"),
                "the value of parameter 1: a line feed at byte 1; ",
            ),
            (
                Param::quoted("a", "é"),
                "the value of parameter 1: a character beyond ASCII at byte 0; ",
            ),
        ] {
            let problem = problem(&[API, param]);
            assert!(problem.starts_with(expected), "{problem}");
        }
    }

    // H-9
    #[test]
    fn a_realm_is_quoted_whatever_its_case() {
        let problem = problem(&[Param::token("REALM", "API")]);
        assert_eq!(problem, "parameter 0: write the realm with `Param::quoted`");
    }

    // H-6
    #[test]
    fn a_name_occurs_once_whatever_its_case() {
        let problem = problem(&[API, Param::token("a", "b"), Param::token("A", "c")]);
        assert_eq!(
            problem,
            "parameter 2: its name occurred before; write each name once"
        );
        // These differ as `A` and `a` do, but are no letters.
        let params = [Param::token("^", "b"), Param::token("~", "c")];
        assert_eq!(Challenge::new("A", &params).check(), Ok(()));
    }
}
