//! Nonces that need no memory until they are used (RFC 7616 §3.3).
//!
//! A nonce says itself when it was issued, and a code over it says that it was issued here: for this realm, for this
//! algorithm, under the secret of the application. So a request without credentials leaves nothing behind, and a restart
//! or a second instance with the same secret knows every nonce.

mod file;

pub use file::NonceSecretFileError;

use core::fmt;
use core::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::readable::debug_like_display;
use crate::verify::NoRandomness;
use auth_syntax::DigestAlgorithm;

/// Octets of the shortest secret: as many as the hash yields, as RFC 2104 §3 asks for.
const MIN_SECRET_LEN: usize = 32;

/// Half of the code: what RFC 2104 §5 allows at least, and more than anybody can guess.
const TAG_LEN: usize = 16;

const NONCE_LEN: usize = NonceId::LEN + TAG_LEN;

/// Characters of a nonce, which is base64url without padding (RFC 4648 §5).
const TEXT_LEN: usize = (NONCE_LEN * 8).div_ceil(6);

/// What the code is for, so that a secret which has another use as well yields no nonces there.
const DOMAIN: &[u8] = b"auth-core: nonce of Digest, version 1\0";

/// How far ahead of ours the clock of another instance may be, in milliseconds. A nonce from beyond says that a clock was
/// set back.
pub(super) const MAX_AHEAD_MS: u64 = 5_000;

/// The secret that makes nonces ours: at least 32 random octets.
///
/// ```
/// use auth_core::digest::NonceSecret;
///
/// # fn read_secret() -> Vec<u8> { vec![7; 32] }
/// // From where the application keeps its secrets: `openssl rand -hex 32` makes one for an environment variable.
/// let secret = NonceSecret::new(read_secret())?;
/// assert!(NonceSecret::new("hunter2").is_err());
/// assert_eq!(format!("{secret:?}"), "NonceSecret([redacted])");
/// # Ok::<(), auth_core::digest::NonceSecretTooShort>(())
/// ```
///
/// Keep it over restarts, and give the same to every instance that answers for the same host: a nonce that was issued
/// under another secret is a foreign one, and browsers ask their users for the password again. Whoever knows the secret
/// can make nonces that are good here, of any time to come; passwords do not depend on it.
///
/// Verifiers with one secret and one realm take each other's nonces, so they have to share their
/// [counts](super::DigestVerifierBuilder::with_counts): each that has counts of its own admits a request once more.
#[derive(Clone)]
pub struct NonceSecret {
    /// With the secret already in; it clears itself.
    keyed: Hmac<Sha256>,
    random: bool,
}

impl NonceSecret {
    /// The secret of the application, at least 32 octets long.
    ///
    /// # Errors
    /// [`NonceSecretTooShort`] for fewer.
    pub fn new(secret: impl AsRef<[u8]>) -> Result<Self, NonceSecretTooShort> {
        let secret = secret.as_ref();
        let too_short = || NonceSecretTooShort {
            octets: secret.len(),
        };
        if secret.len() < MIN_SECRET_LEN {
            return Err(too_short());
        }
        Ok(Self {
            // HMAC takes keys of every length.
            keyed: Hmac::new_from_slice(secret).map_err(|_| too_short())?,
            random: false,
        })
    }

    /// A random secret, which ends with the process: for development, and for one instance that seldom restarts. After
    /// a restart every client has to authenticate anew, and browsers ask their users.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system gave no random octets.
    pub fn random() -> Result<Self, NoRandomness> {
        let mut secret = Zeroizing::new([0; MIN_SECRET_LEN]);
        getrandom::fill(&mut *secret).map_err(|_| NoRandomness)?;
        let secret = Self::new(secret.as_slice()).map_err(|_| NoRandomness)?;
        Ok(Self {
            random: true,
            ..secret
        })
    }

    /// Whether it ends with the process: worth a warning.
    pub(crate) fn is_random(&self) -> bool {
        self.random
    }

    /// The code over what makes one nonce differ from all others. What varies in length is led by its length, so that
    /// no two sets of values read alike.
    ///
    /// The lifetime is among them: where it is made longer, nonces that have ended do not come back to life.
    fn code(
        &self,
        id: NonceId,
        realm: &str,
        algorithm: DigestAlgorithm,
        lifetime_ms: u64,
    ) -> Hmac<Sha256> {
        let mut code = self.keyed.clone();
        code.update(DOMAIN);
        for text in [realm, algorithm.name()] {
            code.update(&(text.len() as u64).to_be_bytes());
            code.update(text.as_bytes());
        }
        code.update(&id.to_octets());
        code.update(&lifetime_ms.to_be_bytes());
        code
    }
}

impl fmt::Debug for NonceSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("NonceSecret([redacted])")
    }
}

/// A [`NonceSecret`] of fewer than 32 octets.
#[derive(Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct NonceSecretTooShort {
    octets: usize,
}

impl fmt::Display for NonceSecretTooShort {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "the secret of nonces has at least 32 octets, and these are {}: `openssl rand -out nonce.key 32` makes a file \
             of them, and `openssl rand -hex 32` what an environment variable can hold",
            self.octets
        )
    }
}

impl core::error::Error for NonceSecretTooShort {}

debug_like_display!(NonceSecretTooShort);

/// One nonce among all: when it was issued, and 16 random octets. Later ones are greater.
///
/// ```
/// use auth_core::digest::NonceId;
///
/// let id = NonceId::new(1_759_312_800_000, [7; 16]);
/// assert_eq!(id.issued_at_ms(), 1_759_312_800_000);
/// assert!(id < NonceId::new(1_759_312_800_001, [0; 16]));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct NonceId {
    issued_at_ms: u64,
    random: [u8; 16],
}

impl NonceId {
    /// Octets of [`NonceId::to_octets`].
    pub const LEN: usize = 24;

    /// A nonce that was issued at this time, in milliseconds since 1970-01-01T00:00:00Z: for the tests of a store.
    #[must_use]
    pub const fn new(issued_at_ms: u64, random: [u8; 16]) -> Self {
        Self {
            issued_at_ms,
            random,
        }
    }

    /// When it was issued, in milliseconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub const fn issued_at_ms(self) -> u64 {
        self.issued_at_ms
    }

    /// As a key of a store: the time, most significant octet first, then the random octets.
    #[must_use]
    pub fn to_octets(self) -> [u8; Self::LEN] {
        let mut octets = [0; Self::LEN];
        let (time, random) = octets.split_at_mut(8);
        time.copy_from_slice(&self.issued_at_ms.to_be_bytes());
        random.copy_from_slice(&self.random);
        octets
    }

    /// Evenly spread over all nonces, and nobody's choice.
    pub(super) const fn spread(self) -> u8 {
        let [spread, ..] = self.random;
        spread
    }
}

/// Issues nonces, and knows them again.
#[derive(Clone, Debug)]
pub(crate) struct Nonces {
    secret: NonceSecret,
    lifetime_ms: u64,
}

/// A nonce that was issued here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ReadNonce {
    pub(crate) id: NonceId,
    /// In milliseconds since 1970-01-01T00:00:00Z.
    pub(crate) expires_at_ms: u64,
    /// It is past its time, or from a time that is yet to come: then the clock was set back, and whoever computes a right
    /// digest with it deserves a new one (`stale=true`) rather than a question for the password.
    pub(crate) expired: bool,
}

impl Nonces {
    /// Nonces that last so long.
    pub(crate) fn new(secret: NonceSecret, lifetime: Duration) -> Self {
        Self {
            secret,
            lifetime_ms: u64::try_from(lifetime.as_millis()).unwrap_or(u64::MAX),
        }
    }

    /// A new nonce for a challenge: 54 characters of base64url. Nothing of it is remembered.
    ///
    /// # Errors
    /// [`NoRandomness`] if the operating system gave no random octets.
    pub(crate) fn issue(
        &self,
        realm: &str,
        algorithm: DigestAlgorithm,
        now_ms: u64,
    ) -> Result<String, NoRandomness> {
        let mut random = [0; 16];
        getrandom::fill(&mut random).map_err(|_| NoRandomness)?;
        Ok(self.sealed(NonceId::new(now_ms, random), realm, algorithm))
    }

    fn sealed(&self, id: NonceId, realm: &str, algorithm: DigestAlgorithm) -> String {
        let code = self
            .secret
            .code(id, realm, algorithm, self.lifetime_ms)
            .finalize();
        let code = code.into_bytes();
        let octets = id.to_octets().into_iter().chain(code);
        let mut nonce = [0; NONCE_LEN];
        for (place, octet) in nonce.iter_mut().zip(octets) {
            *place = octet;
        }
        URL_SAFE_NO_PAD.encode(nonce)
    }

    /// What credentials present as a nonce; `None` if it was not issued for this realm and algorithm under this secret,
    /// whatever else may be wrong with it.
    pub(crate) fn read(
        &self,
        nonce: &str,
        realm: &str,
        algorithm: DigestAlgorithm,
        now_ms: u64,
    ) -> Option<ReadNonce> {
        let (id, tag) = decoded(nonce)?;
        let code = self.secret.code(id, realm, algorithm, self.lifetime_ms);
        // In constant time.
        code.verify_truncated_left(&tag).ok()?;
        let expires_at_ms = id.issued_at_ms.saturating_add(self.lifetime_ms);
        Some(ReadNonce {
            id,
            expires_at_ms,
            expired: now_ms >= expires_at_ms
                || id.issued_at_ms > now_ms.saturating_add(MAX_AHEAD_MS),
        })
    }
}

/// What a nonce is made of. One nonce has one spelling: the decoder takes neither padding nor bits that stand for nothing
/// (RFC 4648 §3.5), else a nonce with other last bits would read the same.
fn decoded(nonce: &str) -> Option<(NonceId, [u8; TAG_LEN])> {
    // First, so that nothing long is looked at.
    if nonce.len() != TEXT_LEN {
        return None;
    }
    // The decoder wants room for whole groups of four.
    let mut octets = [0; TEXT_LEN.div_ceil(4) * 3];
    let length = URL_SAFE_NO_PAD.decode_slice(nonce, &mut octets).ok()?;
    let (time, rest) = octets.get(..length)?.split_first_chunk()?;
    let (random, tag) = rest.split_first_chunk()?;
    let id = NonceId::new(u64::from_be_bytes(*time), *random);
    Some((id, tag.try_into().ok()?))
}

#[cfg(test)]
mod tests;
