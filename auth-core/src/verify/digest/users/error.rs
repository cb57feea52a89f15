//! What can be wrong with users and their hashes.

use core::fmt;
use std::io;
use std::path::PathBuf;

use auth_syntax::DigestAlgorithm;

/// Why users of Digest cannot be taken. No text repeats a name, a password or a hash.
#[non_exhaustive]
pub enum DigestUsersError {
    /// No user at all: nobody could ever be admitted.
    NoUsers,
    /// A user name that is empty, holds a colon or a control character, or is longer than 1024 octets (RFC 7616 §4).
    InvalidUserName,
    /// A user name beside a hash that is not in Unicode normalisation form C (RFC 7616 §4). The hash was made over other
    /// octets than those that clients hash.
    NotNormal,
    /// A realm that is empty, holds a control character, or is longer than 1024 octets.
    InvalidRealm,
    /// A password that is empty, holds a control character, or is longer than 1024 octets.
    InvalidPassword,
    /// The same user, realm and algorithm twice. Names are compared after Unicode normalisation form C.
    DuplicateUser,
    /// Not as many hexadecimal digits as this algorithm has.
    NotAHash(DigestAlgorithm),
    /// A hash in a file that does not tell its algorithm, neither by name nor by length.
    UnknownHash,
    /// A hash in a file with the name of an algorithm that there is not, or of a `-sess` variant.
    UnknownAlgorithm,
    /// A line of a file that has other than three fields.
    NotAnEntry {
        /// How many it has.
        fields: usize,
    },
    /// A user or realm that a line of a file cannot hold: the realm has a colon, or the name begins with white space or
    /// with `#`.
    NotInAFile,
    /// Octets that are not UTF-8.
    NotUtf8,
    /// A file of more than 64 MiB.
    TooLarge,
    /// A line of a file, counted from 1, and what is wrong there.
    Line {
        /// The line, counted from 1.
        line: usize,
        /// What is wrong.
        problem: Box<DigestUsersError>,
    },
    /// A file that could not be read.
    Unreadable(io::Error),
    /// A file with users, and what is wrong with it or in it.
    File {
        /// The file, as it was named.
        path: PathBuf,
        /// What is wrong.
        problem: Box<DigestUsersError>,
    },
}

impl DigestUsersError {
    pub(super) fn in_line(self, line: usize) -> Self {
        Self::Line {
            line,
            problem: Box::new(self),
        }
    }
}

impl fmt::Display for DigestUsersError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NoUsers => "no users: add at least one",
            Self::InvalidUserName => {
                "a user name is empty, holds a colon or a control character, or is longer than 1024 octets: no request can present it"
            }
            Self::NotNormal => {
                "a user name is not in Unicode normalisation form C, and its hash covers other octets than clients hash: write the name in that form and make the hash anew, as `auth_core::digest::htdigest_line` does"
            }
            Self::InvalidRealm => {
                "a realm is empty, holds a control character, or is longer than 1024 octets: write the realm of the policy"
            }
            Self::InvalidPassword => {
                "a password is empty, holds a control character (a line feed at its end?), or is longer than 1024 octets: give the password alone"
            }
            Self::DuplicateUser => {
                "this user occurs twice for one realm and algorithm: keep one of them"
            }
            Self::NotAHash(algorithm) => {
                let digits = 2 * algorithm.digest_len();
                return write!(
                    f,
                    "this is no {algorithm} hash: write {digits} hexadecimal digits, the hash of `user:realm:password`"
                );
            }
            Self::UnknownHash => {
                "the third field is no hash that is known here: write 32 hexadecimal digits (MD5), 64 (SHA-256), or `{SHA-512-256}` and 64, the hash of `user:realm:password`; a password in the clear is not accepted"
            }
            Self::UnknownAlgorithm => {
                "the braces name no algorithm: write `{SHA-256}`, `{SHA-512-256}` or `{MD5}`, which serve the `-sess` variants as well"
            }
            Self::NotAnEntry { fields } => {
                return write!(
                    f,
                    "an entry is `user:realm:hash`, three fields with a colon between each two, and this line has \
                     {fields}; a file of htpasswd, with two, is one for `auth_core::Passwords`",
                );
            }
            Self::NotInAFile => {
                "a line of the file cannot hold this: take a realm without a colon, and a user name that begins with neither white space nor `#`"
            }
            Self::NotUtf8 => "this is not UTF-8: save the file in that encoding",
            Self::TooLarge => {
                "the file is larger than 64 MiB: keep so many users in a database, behind `auth_core::digest::DigestUsers`"
            }
            Self::Line { line, problem } => return write!(f, "line {line}: {problem}"),
            Self::Unreadable(error) => return write!(f, "{error}"),
            Self::File { path, problem } => return write!(f, "{}: {problem}", path.display()),
        })
    }
}

impl core::error::Error for DigestUsersError {
    fn source(&self) -> Option<&(dyn core::error::Error + 'static)> {
        match self {
            Self::File { problem, .. } => problem.source(),
            _ => None,
        }
    }
}

crate::readable::debug_like_display!(DigestUsersError);
