//! Whether a signature holds: AWS-LC's primitives on keys that are parsed once, at the start.
//!
//! AWS-LC directly, not through `jsonwebtoken`: only signatures would be asked of that crate, since its
//! readers of tokens, keys and claims are more lenient than ours; its back end is a process-wide choice
//! that panics when other crates turn on both; and it parses the public key again for every token,
//! which costs a third of an ES256 verification.

use aws_lc_rs::hmac;
use aws_lc_rs::signature::{
    self, ECDSA_P256_SHA256_FIXED, ECDSA_P384_SHA384_FIXED, ED25519, ParsedPublicKey,
    RsaParameters, VerificationAlgorithm,
};

use super::algorithm::{Algorithm, Family};

/// A key as the primitives take it. Neither of the two can be taken for the other (RFC 8725 §2.1).
#[derive(Clone)]
pub(super) enum Checked {
    Secret(Box<hmac::Key>),
    Public(ParsedPublicKey),
}

impl Checked {
    /// Whether `signature` is one of `message` by this key, with the one algorithm that it serves.
    pub(super) fn holds(&self, algorithm: Algorithm, message: &[u8], signature: &[u8]) -> bool {
        // RFC 7518 §3.4: r || s of fixed length, never DER. AWS-LC sees to it too; that the rule holds
        // must not depend on which of its readers is called.
        if algorithm
            .signature_len()
            .is_some_and(|length| length != signature.len())
        {
            return false;
        }
        match self {
            Self::Secret(key) => hmac::verify(key, message, signature).is_ok(),
            Self::Public(key) => key.verify_sig(message, signature).is_ok(),
        }
    }
}

#[cfg(feature = "jwks")]
impl Checked {
    /// Whether both are the same public key. Each kind has one way to be written here: points are uncompressed, and
    /// numbers without leading zeros.
    pub(super) fn is_same_public_key(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Public(key), Self::Public(other)) => key.as_ref() == other.as_ref(),
            _ => false,
        }
    }
}

impl Algorithm {
    pub(super) const fn hmac(self) -> Option<hmac::Algorithm> {
        match self {
            Self::HS256 => Some(hmac::HMAC_SHA256),
            Self::HS384 => Some(hmac::HMAC_SHA384),
            Self::HS512 => Some(hmac::HMAC_SHA512),
            _ => None,
        }
    }

    pub(super) const fn rsa(self) -> Option<&'static RsaParameters> {
        match self {
            Self::RS256 => Some(&signature::RSA_PKCS1_2048_8192_SHA256),
            Self::RS384 => Some(&signature::RSA_PKCS1_2048_8192_SHA384),
            Self::RS512 => Some(&signature::RSA_PKCS1_2048_8192_SHA512),
            Self::PS256 => Some(&signature::RSA_PSS_2048_8192_SHA256),
            Self::PS384 => Some(&signature::RSA_PSS_2048_8192_SHA384),
            Self::PS512 => Some(&signature::RSA_PSS_2048_8192_SHA512),
            _ => None,
        }
    }

    /// For keys on a curve.
    pub(super) fn curve(self) -> Option<&'static dyn VerificationAlgorithm> {
        match self {
            Self::ES256 => Some(&ECDSA_P256_SHA256_FIXED),
            Self::ES384 => Some(&ECDSA_P384_SHA384_FIXED),
            Self::EdDSA => Some(&ED25519),
            _ => None,
        }
    }

    pub(super) const fn takes_secret(self) -> bool {
        matches!(self.family(), Family::Hmac(_))
    }
}
