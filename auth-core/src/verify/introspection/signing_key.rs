//! The private key of a client.

use core::fmt;
use std::sync::Arc;

use aws_lc_rs::error::Unspecified;
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_FIXED_SIGNING, ECDSA_P384_SHA384_FIXED_SIGNING, EcdsaKeyPair,
    EcdsaSigningAlgorithm, Ed25519KeyPair, RSA_PKCS1_SHA256, RSA_PSS_SHA256, RsaEncoding,
    RsaKeyPair,
};
use zeroize::Zeroizing;

use super::IntrospectionError;
use crate::jwt::Algorithm;

/// The private key with which a client signs its assertions
/// ([`ClientAuth::private_key_jwt`](super::ClientAuth::private_key_jwt)). It cannot be printed.
///
/// ```
/// use auth_core::introspection::{IntrospectionError, SigningKey};
/// use auth_core::jwt::Algorithm;
///
/// # let pem = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/tests/data/keys/es256.pem"));
/// let key = SigningKey::from_pem(Algorithm::ES256, pem)?.with_kid("2026-11");
/// assert_eq!(format!("{key:?}"), "SigningKey { algorithm: ES256, kid: Some(\"2026-11\"), .. }");
/// # Ok::<(), IntrospectionError>(())
/// ```
#[derive(Clone)]
pub struct SigningKey {
    algorithm: Algorithm,
    kid: Option<Box<str>>,
    pair: Arc<Pair>,
}

enum Pair {
    Ec(EcdsaKeyPair),
    Ed(Ed25519KeyPair),
    Rsa(RsaKeyPair, &'static dyn RsaEncoding),
}

/// RFC 7518 §3.3, in octets.
const SHORTEST_MODULUS: usize = 2048 / 8;

impl SigningKey {
    /// A key in PEM: one block `PRIVATE KEY` (PKCS#8, RFC 5958), not encrypted; for RS256, PS256, ES256, ES384 or `EdDSA`.
    pub fn from_pem(
        algorithm: Algorithm,
        pem: impl AsRef<[u8]>,
    ) -> Result<Self, IntrospectionError> {
        let blocks =
            pem::parse_many(pem.as_ref()).map_err(|_| IntrospectionError::NotPrivateKeyPem)?;
        let [block]: [pem::Pem; 1] = blocks
            .try_into()
            .map_err(|_| IntrospectionError::NotPrivateKeyPem)?;
        if block.tag() != "PRIVATE KEY" {
            return Err(IntrospectionError::NotPrivateKeyPem);
        }
        let der = Zeroizing::new(block.into_contents());
        Ok(Self {
            algorithm,
            kid: None,
            pair: Arc::new(pair(algorithm, &der)?),
        })
    }

    /// Names the key in the header of assertions: with the `kid` under which the provider knows its public half.
    #[must_use]
    pub fn with_kid(mut self, kid: impl Into<Box<str>>) -> Self {
        self.kid = Some(kid.into());
        self
    }

    pub(super) fn algorithm(&self) -> Algorithm {
        self.algorithm
    }

    pub(super) fn kid(&self) -> Option<&str> {
        self.kid.as_deref()
    }

    pub(super) fn sign(&self, message: &[u8]) -> Result<Vec<u8>, Unspecified> {
        let random = SystemRandom::new();
        match &*self.pair {
            Pair::Ec(pair) => Ok(pair.sign(&random, message)?.as_ref().to_vec()),
            Pair::Ed(pair) => Ok(pair.try_sign(message)?.as_ref().to_vec()),
            Pair::Rsa(pair, encoding) => {
                let mut signature = vec![0; pair.public_modulus_len()];
                pair.sign(*encoding, &random, message, &mut signature)?;
                Ok(signature)
            }
        }
    }
}

fn pair(algorithm: Algorithm, der: &[u8]) -> Result<Pair, IntrospectionError> {
    let unreadable = IntrospectionError::UnreadableKey(algorithm);
    let ec = |rules: &'static EcdsaSigningAlgorithm| {
        EcdsaKeyPair::from_pkcs8(rules, der)
            .map(Pair::Ec)
            .map_err(|_| unreadable.clone())
    };
    let rsa = |encoding: &'static dyn RsaEncoding| {
        let pair = RsaKeyPair::from_pkcs8(der).map_err(|_| unreadable.clone())?;
        if pair.public_modulus_len() < SHORTEST_MODULUS {
            return Err(IntrospectionError::RsaTooShort);
        }
        Ok(Pair::Rsa(pair, encoding))
    };
    match algorithm {
        Algorithm::ES256 => ec(&ECDSA_P256_SHA256_FIXED_SIGNING),
        Algorithm::ES384 => ec(&ECDSA_P384_SHA384_FIXED_SIGNING),
        Algorithm::EdDSA => Ed25519KeyPair::from_pkcs8(der)
            .map(Pair::Ed)
            .map_err(|_| unreadable),
        Algorithm::RS256 => rsa(&RSA_PKCS1_SHA256),
        Algorithm::PS256 => rsa(&RSA_PSS_SHA256),
        other => Err(IntrospectionError::AlgorithmNotForAssertions(other)),
    }
}

/// Prints no key.
impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey")
            .field("algorithm", &self.algorithm)
            .field("kid", &self.kid)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};

    use super::{Algorithm, IntrospectionError as E, RsaKeyPair, SigningKey};

    fn rsa_pkcs8() -> String {
        let pkcs1 = pem::parse(include_str!("../../../tests/data/keys/rsa2048.pem")).unwrap();
        let pair = RsaKeyPair::from_der(pkcs1.contents()).unwrap();
        let pkcs8: Pkcs8V1Der<'_> = pair.as_der().unwrap();
        pem::encode(&pem::Pem::new("PRIVATE KEY", pkcs8.as_ref()))
    }

    #[test]
    fn a_key_is_a_private_one_of_the_right_kind() {
        let es256 = include_str!("../../../tests/data/keys/es256.pem");
        let rsa = &rsa_pkcs8();
        let pkcs1 = include_str!("../../../tests/data/keys/rsa2048.pem");
        let public = include_str!("../../../tests/data/keys/es256.pub.pem");
        let sec1 = es256.replace("PRIVATE KEY", "EC PRIVATE KEY");
        let two = format!("{es256}{es256}");
        for (algorithm, pem, error) in [
            (Algorithm::ES256, es256, None),
            (Algorithm::RS256, rsa, None),
            (Algorithm::PS256, rsa, None),
            (
                Algorithm::ES384,
                es256,
                Some(E::UnreadableKey(Algorithm::ES384)),
            ),
            (
                Algorithm::ES256,
                rsa,
                Some(E::UnreadableKey(Algorithm::ES256)),
            ),
            (
                Algorithm::RS256,
                es256,
                Some(E::UnreadableKey(Algorithm::RS256)),
            ),
            (
                Algorithm::EdDSA,
                es256,
                Some(E::UnreadableKey(Algorithm::EdDSA)),
            ),
            (
                Algorithm::HS256,
                es256,
                Some(E::AlgorithmNotForAssertions(Algorithm::HS256)),
            ),
            (Algorithm::RS256, pkcs1, Some(E::NotPrivateKeyPem)),
            (Algorithm::ES256, public, Some(E::NotPrivateKeyPem)),
            (Algorithm::ES256, sec1.as_str(), Some(E::NotPrivateKeyPem)),
            (Algorithm::ES256, two.as_str(), Some(E::NotPrivateKeyPem)),
            (Algorithm::ES256, "", Some(E::NotPrivateKeyPem)),
        ] {
            assert_eq!(
                SigningKey::from_pem(algorithm, pem).err(),
                error,
                "{algorithm}"
            );
        }
    }
}
