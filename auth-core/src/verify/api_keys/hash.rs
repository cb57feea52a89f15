//! What is kept of a key.

use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use sha2::{Digest as _, Sha256};
use subtle::{Choice, ConstantTimeEq as _};

use crate::hex;

/// The SHA-256 of an API key: what is stored, and by what a key is revoked. It does not admit anybody.
///
/// Its text is 64 hexadecimal digits. `==` takes the same time whatever the hashes hold.
///
/// ```
/// use auth_core::ApiKeyHash;
/// let hash = ApiKeyHash::of("acme_0123456789");
/// let text = hash.to_string();
/// assert_eq!(text.len(), 64);
/// assert!(ApiKeyHash::from_hex(&text)? == hash);
/// # Ok::<(), auth_core::NotAHash>(())
/// ```
#[derive(Clone, Copy)]
pub struct ApiKeyHash([u8; 32]);

impl ApiKeyHash {
    /// The hash of a key, whatever its form.
    #[must_use]
    pub fn of(key: &str) -> Self {
        Self(Sha256::digest(key.as_bytes()).into())
    }

    /// Reads the text form: 64 hexadecimal digits, of either case.
    ///
    /// # Errors
    /// [`NotAHash`] for everything else.
    pub fn from_hex(text: &str) -> Result<Self, NotAHash> {
        let (pairs, rest) = text.as_bytes().as_chunks::<2>();
        if pairs.len() != 32 || !rest.is_empty() {
            return Err(NotAHash);
        }
        let mut hash = [0; 32];
        for (octet, pair) in hash.iter_mut().zip(pairs) {
            *octet = hex::octet(*pair).ok_or(NotAHash)?;
        }
        Ok(Self(hash))
    }
}

impl FromStr for ApiKeyHash {
    type Err = NotAHash;

    fn from_str(text: &str) -> Result<Self, NotAHash> {
        Self::from_hex(text)
    }
}

/// 64 lower-case hexadecimal digits.
impl fmt::Display for ApiKeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|octet| write!(f, "{octet:02x}"))
    }
}

/// Prints nothing of the hash, so that a log of something that holds one does not list keys.
impl fmt::Debug for ApiKeyHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKeyHash(..)")
    }
}

/// In constant time (A-4), eight octets at a time.
impl PartialEq for ApiKeyHash {
    fn eq(&self, other: &Self) -> bool {
        let (mine, theirs) = (self.0.as_chunks().0, other.0.as_chunks().0);
        mine.iter()
            .zip(theirs)
            .map(|(mine, theirs)| u64::from_ne_bytes(*mine).ct_eq(&u64::from_ne_bytes(*theirs)))
            .fold(Choice::from(1), |all, same| all & same)
            .into()
    }
}

impl Eq for ApiKeyHash {}

/// All octets, for equal hashes the same: as the derived one, written out beside `PartialEq`.
impl Hash for ApiKeyHash {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write(&self.0);
    }
}

/// A text that is not 64 hexadecimal digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct NotAHash;

impl fmt::Display for NotAHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the hash of an API key is 64 hexadecimal digits")
    }
}

impl core::error::Error for NotAHash {}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    /// FIPS 180-2, appendix B.1.
    const ABC: &str = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

    #[test]
    fn it_is_sha_256_a4() {
        assert_eq!(ApiKeyHash::of("abc").to_string(), ABC);
        assert!(ApiKeyHash::from_hex(ABC).unwrap() == ApiKeyHash::of("abc"));
        assert!(ABC.to_uppercase().parse::<ApiKeyHash>().unwrap() == ApiKeyHash::of("abc"));
    }

    #[test]
    fn every_octet_is_compared() {
        let hash = ApiKeyHash::of("abc");
        for at in 0..32 {
            let mut other = hash;
            other.0[at] ^= 1;
            assert!(hash != other, "{at}");
        }
    }

    #[test]
    fn other_texts_are_no_hash() {
        for text in [
            "",
            "ba",
            &ABC[1..],
            &format!("{ABC}a"),
            &format!("{ABC}aa"),
            &ABC.replace('b', "g"),
            &ABC.replace("ba", "\u{e9}"),
            &ABC.replacen("ba", "+a", 1),
        ] {
            assert!(ApiKeyHash::from_hex(text).is_err(), "{text}");
        }
    }

    #[test]
    fn debug_tells_nothing() {
        assert_eq!(format!("{:?}", ApiKeyHash::of("abc")), "ApiKeyHash(..)");
    }
}
