//! Secrets that are in files.

use core::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::{NonceSecret, NonceSecretTooShort};
use crate::readable::debug_like_display;

/// Octets of the largest file: more than any secret needs, and another file than was meant has.
const MAX_FILE: usize = 4096;

impl NonceSecret {
    /// The secret in a file: all of its octets as they are, at least 32 and at most 4096. This blocks while the file is
    /// read.
    ///
    /// ```no_run
    /// use auth_core::digest::NonceSecret;
    ///
    /// // `openssl rand -out nonce.key 32`, once, and for nobody else to read.
    /// let secret = NonceSecret::from_file("/etc/example/nonce.key")?;
    /// # Ok::<(), auth_core::digest::NonceSecretFileError>(())
    /// ```
    ///
    /// # Errors
    /// With the name of the file: it cannot be read, or is too short or too long.
    pub fn from_file(path: impl AsRef<Path>) -> Result<Self, NonceSecretFileError> {
        let path = path.as_ref();
        read(path).map_err(|problem| NonceSecretFileError {
            path: path.to_owned(),
            problem,
        })
    }
}

fn read(path: &Path) -> Result<NonceSecret, Problem> {
    // One more, in which the end shows; so the octets, which are cleared, are never moved.
    let mut octets = Zeroizing::new(Vec::with_capacity(MAX_FILE + 2));
    let file = File::open(path).map_err(Problem::Unreadable)?;
    file.take(MAX_FILE as u64 + 1)
        .read_to_end(&mut octets)
        .map_err(Problem::Unreadable)?;
    if octets.len() > MAX_FILE {
        return Err(Problem::TooLong);
    }
    NonceSecret::new(&*octets).map_err(Problem::TooShort)
}

/// Why there is no [`NonceSecret`] in a file. It tells nothing of what is in there, but how much.
pub struct NonceSecretFileError {
    path: PathBuf,
    problem: Problem,
}

enum Problem {
    Unreadable(io::Error),
    TooShort(NonceSecretTooShort),
    TooLong,
}

impl NonceSecretFileError {
    /// The file, as it was named.
    #[must_use]
    pub fn path(&self) -> &Path {
        &self.path
    }
}

impl fmt::Display for NonceSecretFileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.path.display())?;
        match &self.problem {
            Problem::Unreadable(error) => write!(f, "{error}"),
            Problem::TooShort(error) => write!(f, "{error}"),
            Problem::TooLong => f.write_str(
                "the secret of nonces has at most 4096 octets, and this is more: name another file",
            ),
        }
    }
}

impl core::error::Error for NonceSecretFileError {}

debug_like_display!(NonceSecretFileError);

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::super::Nonces;
    use super::*;
    use auth_syntax::DigestAlgorithm;
    use core::time::Duration;

    #[test]
    fn a_file_is_the_secret_octet_by_octet_and_errors_name_it() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("nonce.key");
        let error = || NonceSecret::from_file(&path).unwrap_err().to_string();
        assert!(error().contains("nonce.key: "), "{}", error());
        for (octets, expected) in [
            (
                0,
                "nonce.key: the secret of nonces has at least 32 octets, and these are 0: ",
            ),
            (
                31,
                "nonce.key: the secret of nonces has at least 32 octets, and these are 31: ",
            ),
            (
                4097,
                "nonce.key: the secret of nonces has at most 4096 octets",
            ),
        ] {
            std::fs::write(&path, vec![b's'; octets]).unwrap();
            assert!(error().contains(expected), "{}", error());
            assert!(!error().contains("sss"), "{}", error());
        }
        let error = NonceSecret::from_file(&path).unwrap_err();
        assert_eq!(error.path(), path);
        for octets in [
            &[7; 32][..],
            &[7; 4096],
            b"0123456789abcdef0123456789abcdef\n",
        ] {
            std::fs::write(&path, octets).unwrap();
            let nonces = |secret| Nonces::new(secret, Duration::from_mins(5));
            let issued = nonces(NonceSecret::from_file(&path).unwrap());
            let nonce = issued.issue("r", DigestAlgorithm::Sha256, 1).unwrap();
            let same = nonces(NonceSecret::new(octets).unwrap());
            let read = same.read(&nonce, "r", DigestAlgorithm::Sha256, 1);
            assert!(read.is_some());
        }
    }
}
