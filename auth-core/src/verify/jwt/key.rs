//! Keys that signatures are checked with: each serves one algorithm.

use core::fmt;

use super::algorithm::Algorithm;
use super::signature::Checked;
use super::{JwtError, jwk, public_key, secret};

/// A key that checks signatures of one algorithm.
///
/// Secrets and public keys come in through different functions, and each is checked on the way in: an
/// HMAC secret is at least as long as its hash and is no public key, an RSA key has at least 2048
/// bits, an EC key is a point of the curve that the algorithm names.
///
/// ```
/// use auth_core::jwt::{Algorithm, JwtError, Key};
///
/// let pem = "-----BEGIN PUBLIC KEY-----
/// MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
/// 6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
/// -----END PUBLIC KEY-----";
/// let key = Key::from_pem(Algorithm::ES256, pem)?.with_kid("2026-11");
/// # let _ = key;
///
/// assert_eq!(Key::hs256(pem).unwrap_err(), JwtError::SecretIsPublicKey);
/// assert_eq!(Key::from_pem(Algorithm::RS256, pem).unwrap_err(), JwtError::WrongKind(Algorithm::RS256));
/// # Ok::<(), JwtError>(())
/// ```
#[derive(Clone)]
pub struct Key {
    algorithm: Algorithm,
    kid: Option<Box<str>>,
    /// Only what the checks of this module let through.
    checked: Checked,
}

impl Key {
    /// The longest key id, in octets. A token that names a longer one names no key.
    pub const MAX_KID_LEN: usize = 256;

    /// A shared secret of at least 32 octets, for HS256.
    pub fn hs256(secret: impl AsRef<[u8]>) -> Result<Self, JwtError> {
        secret::key(Algorithm::HS256, secret.as_ref())
    }

    /// A shared secret of at least 48 octets, for HS384.
    pub fn hs384(secret: impl AsRef<[u8]>) -> Result<Self, JwtError> {
        secret::key(Algorithm::HS384, secret.as_ref())
    }

    /// A shared secret of at least 64 octets, for HS512.
    pub fn hs512(secret: impl AsRef<[u8]>) -> Result<Self, JwtError> {
        secret::key(Algorithm::HS512, secret.as_ref())
    }

    /// A public key in PEM: one block `PUBLIC KEY` (RFC 7468 §13), or `RSA PUBLIC KEY`.
    ///
    /// # Errors
    /// Among others [`JwtError::WrongKind`] if the key does not suit the algorithm, and always for
    /// HS256, HS384 and HS512: their secrets are no PEM.
    pub fn from_pem(algorithm: Algorithm, pem: impl AsRef<[u8]>) -> Result<Self, JwtError> {
        public_key::from_pem(algorithm, pem.as_ref())
    }

    /// A public key in DER: `SubjectPublicKeyInfo` (RFC 5280 §4.1.2.7), or for RSA also the
    /// `RSAPublicKey` of RFC 8017 appendix A.1.1.
    ///
    /// # Errors
    /// As [`Key::from_pem`].
    pub fn from_der(algorithm: Algorithm, der: impl AsRef<[u8]>) -> Result<Self, JwtError> {
        public_key::from_der(algorithm, der.as_ref())
    }

    /// A JWK (RFC 7517) that says in `alg` which algorithm it serves. Its `kid` becomes the key id.
    ///
    /// ```
    /// use auth_core::jwt::{Algorithm, Key};
    /// // RFC 8037 appendix A.2
    /// let key = Key::from_jwk(
    ///     r#"{"kty": "OKP", "crv": "Ed25519", "alg": "EdDSA",
    ///         "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#,
    /// )?;
    /// assert_eq!(key.algorithm(), Algorithm::EdDSA);
    /// # Ok::<(), auth_core::jwt::JwtError>(())
    /// ```
    pub fn from_jwk(json: &str) -> Result<Self, JwtError> {
        jwk::key(json, None)
    }

    /// A JWK (RFC 7517) for an algorithm that is known beforehand. Its `alg` may be absent, and must be
    /// the same if it is there.
    pub fn from_jwk_as(algorithm: Algorithm, json: &str) -> Result<Self, JwtError> {
        jwk::key(json, Some(algorithm))
    }

    /// Gives it a key id: a token with another `kid` is then never checked with this key.
    ///
    /// A key without one is tried for every token of its algorithm.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<String>) -> Self {
        self.kid = Some(kid.into().into_boxed_str());
        self
    }

    /// The one algorithm that it serves.
    #[must_use]
    pub fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    /// Its key id.
    #[must_use]
    pub fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(super) fn from_checked(algorithm: Algorithm, checked: Checked) -> Self {
        Self {
            algorithm,
            kid: None,
            checked,
        }
    }

    /// Whether `signature` is one of `message` by this key.
    pub(super) fn signed(&self, message: &[u8], signature: &[u8]) -> bool {
        self.checked.holds(self.algorithm, message, signature)
    }

    /// Whether the other is the same public key, under the same name and for the same algorithm.
    #[cfg(feature = "jwks")]
    pub(super) fn is_same(&self, other: &Self) -> bool {
        self.algorithm == other.algorithm
            && self.kid == other.kid
            && self.checked.is_same_public_key(&other.checked)
    }

    /// Whether a token of this algorithm and key id may be checked with it (RFC 8725 §3.1). The token
    /// chooses among configured keys, and nothing else.
    pub(super) fn serves(&self, algorithm: Algorithm, kid: Option<&str>) -> bool {
        let named = match (kid, self.kid()) {
            (Some(kid), Some(own)) => kid == own,
            _ => true,
        };
        named && self.algorithm == algorithm
    }
}

/// Prints algorithm and key id, never the key.
impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Key")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}
