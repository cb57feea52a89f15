//! New hashes.

use core::fmt;

use argon2::password_hash::phc::{Output, ParamsString, PasswordHash, Salt};
use argon2::{Algorithm, Argon2, Params, Version};

use super::stored::random;
use crate::verify::text;

/// Octets of salt and of hash.
const SALT_LEN: usize = 16;
const OUTPUT_LEN: usize = 32;

/// 19 MiB, 2 passes, 1 lane: the first choice of OWASP's Password Storage Cheat Sheet.
const PARAMS: Params = Params::DEFAULT;

/// Why a password was not hashed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum HashPasswordError {
    /// It is empty: a user without a password is no user.
    Empty,
    /// It is longer than 1024 octets (in normalisation form C): no attempt with it is admitted.
    TooLong,
    /// It holds a control character, which no Basic credentials may (RFC 7617 §2).
    ControlCharacter,
    /// The operating system gave no random octets for the salt.
    Randomness,
    /// There was no memory to hash in.
    Memory,
}

/// Hashes a new password with Argon2id (19 MiB, 2 passes, 1 lane, 16 random octets of salt), for
/// [`PasswordsBuilder::user`](crate::PasswordsBuilder::user) or an htpasswd file. The result is a PHC
/// string.
///
/// This takes some ten milliseconds of one processor: call it where blocking is allowed, for instance
/// in `tokio::task::spawn_blocking`. The password is brought into Unicode normalisation form C, as
/// every presented one is (RFC 7617 §2.1); tools that do not do so may make hashes for passwords
/// beyond ASCII that never match.
///
/// ```
/// let hash = auth_core::hash_password("correct horse battery staple")?;
/// assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"));
/// # Ok::<(), auth_core::HashPasswordError>(())
/// ```
///
/// # Errors
/// A password that could never be presented, or a machine without random octets or memory.
pub fn hash_password(password: &str) -> Result<String, HashPasswordError> {
    if password.is_empty() {
        return Err(HashPasswordError::Empty);
    }
    if password.chars().any(char::is_control) {
        return Err(HashPasswordError::ControlCharacter);
    }
    let password = text::normal(password).ok_or(HashPasswordError::TooLong)?;
    let salt = random(SALT_LEN).map_err(|_| HashPasswordError::Randomness)?;
    let mut output = [0; OUTPUT_LEN];
    Argon2::new(Algorithm::Argon2id, Version::V0x13, PARAMS)
        .hash_password_into(password.as_bytes(), &salt, &mut output)
        .map_err(|_| HashPasswordError::Memory)?;
    phc(&salt, &output).ok_or(HashPasswordError::Memory)
}

/// `None` cannot be: all lengths are constants that the format allows.
fn phc(salt: &[u8], output: &[u8]) -> Option<String> {
    let hash = PasswordHash {
        algorithm: Algorithm::Argon2id.ident(),
        version: Some(Version::V0x13.into()),
        params: ParamsString::try_from(&PARAMS).ok()?,
        salt: Some(Salt::new(salt).ok()?),
        hash: Some(Output::new(output).ok()?),
    };
    Some(hash.to_string())
}

impl fmt::Display for HashPasswordError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Empty => "the password is empty",
            Self::TooLong => "the password is longer than 1024 octets",
            Self::ControlCharacter => {
                "the password holds a control character, which Basic credentials may not"
            }
            Self::Randomness => "the operating system gave no random octets",
            Self::Memory => "there was no memory to hash the password in",
        })
    }
}

impl core::error::Error for HashPasswordError {}
