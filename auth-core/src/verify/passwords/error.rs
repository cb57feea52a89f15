//! What can be wrong with user names and stored hashes.

use core::fmt;
use std::io;
use std::path::PathBuf;

/// Why users cannot be taken into [`Passwords`](crate::Passwords). No text repeats a name or a hash.
#[non_exhaustive]
pub enum PasswordsError {
    /// No user at all: nobody could ever be admitted.
    NoUsers,
    /// A user name that no request can present (RFC 7617 §2): it holds a colon or a control
    /// character, or is longer than 1024 octets.
    InvalidUserName,
    /// The same user name twice, compared after Unicode normalisation form C (RFC 7617 §2.1).
    DuplicateUser,
    /// The stored hash is of a form that is not accepted.
    RefusedHash(RefusedHash),
    /// The stored hash is of an accepted form and cannot be read; says what is wrong with it.
    MalformedHash(&'static str),
    /// The parameters of a stored hash ask for more work than one attempt may cost.
    TooCostly(LimitExceeded),
    /// More than 8 different pairs of algorithm and parameters: every attempt costs one run of each.
    TooManyWorks,
    /// A line of an htpasswd file without a colon.
    NotAnEntry,
    /// A line of an htpasswd file, counted from 1, and what is wrong there.
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        problem: Box<PasswordsError>,
    },
    /// A file that could not be read as UTF-8 text.
    Unreadable(io::Error),
    /// A file with users, and what is wrong with it or in it.
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// What is wrong.
        problem: Box<PasswordsError>,
    },
    /// The operating system gave no random octets.
    Randomness,
}

/// A form of stored password that is not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum RefusedHash {
    /// `$apr1$`: the MD5 form of Apache.
    Apr1,
    /// `{SHA}` and its kin: one unsalted, or salted, fast hash.
    Sha1,
    /// A form of crypt(3): DES, `$1$`, `$5$`, `$6$`, `$7$`, `$y$` …
    Crypt,
    /// Not a hash, as far as can be seen: a password in the clear.
    Plain,
    /// `argon2d`: its memory access depends on the password, which others on the machine can observe.
    Argon2d,
    /// `$2x$`: bcrypt with the sign error of `crypt_blowfish` before 2011.
    Bcrypt2x,
    /// Another algorithm in a PHC string.
    OtherAlgorithm,
}

/// A parameter of a stored hash, and the highest value that is accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct LimitExceeded {
    /// The algorithm and the parameter, with its unit.
    pub parameter: &'static str,
    /// The highest value that is accepted.
    pub limit: u64,
}

impl fmt::Display for PasswordsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoUsers => f.write_str("no users: add at least one"),
            Self::InvalidUserName => f.write_str(
                "a user name holds a colon or a control character, or is longer than 1024 octets: no request can present it",
            ),
            Self::DuplicateUser => f.write_str("the user name occurs twice: keep one of them"),
            Self::RefusedHash(form) => write!(f, "{form}"),
            Self::MalformedHash(what) => write!(f, "the password hash cannot be read: {what}"),
            Self::TooCostly(LimitExceeded { parameter, limit }) => write!(
                f,
                "the password hash asks for too much work: {parameter} is above {limit}"
            ),
            Self::TooManyWorks => f.write_str(
                "more than 8 different pairs of hash algorithm and parameters: hash some passwords anew with parameters that are in use already",
            ),
            Self::NotAnEntry => f.write_str("an entry is `name:hash`, and there is no colon here"),
            Self::Line { line, problem } => write!(f, "line {line}: {problem}"),
            Self::Unreadable(error) => write!(f, "{error}"),
            Self::File { path, problem } => write!(f, "{}: {problem}", path.display()),
            Self::Randomness => f.write_str("the operating system gave no random octets"),
        }
    }
}

impl core::error::Error for PasswordsError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::Unreadable(error) => Some(error),
            Self::File { problem, .. } => problem.source(),
            _ => None,
        }
    }
}

crate::readable::debug_like_display!(PasswordsError);

impl fmt::Display for RefusedHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Apr1 => {
                "an apr1 (MD5) entry is not accepted: make it anew with `htpasswd -B`, or as an Argon2id PHC string"
            }
            Self::Sha1 => {
                "a {SHA} entry is not accepted: make it anew with `htpasswd -B`, or as an Argon2id PHC string"
            }
            Self::Crypt => {
                "a crypt entry is not accepted: make it anew with `htpasswd -B`, or as an Argon2id PHC string"
            }
            Self::Plain => {
                "this is no password hash that is known here; a password in the clear is not accepted: hash it with `htpasswd -B`, or as an Argon2id PHC string"
            }
            Self::Argon2d => "argon2d is not accepted: use argon2id",
            Self::Bcrypt2x => "bcrypt 2x hashes are broken: make it anew with `htpasswd -B`",
            Self::OtherAlgorithm => {
                "this algorithm is not accepted: use argon2id (argon2i, scrypt and bcrypt are verified too)"
            }
        })
    }
}
