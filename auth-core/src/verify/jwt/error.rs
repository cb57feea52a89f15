//! What can be wrong with keys and settings, and what to write instead.

use core::fmt;

use super::Algorithm;

/// Why a [`Key`](super::Key) or a [`JwtVerifier`](super::JwtVerifier) cannot be made. It holds no key.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum JwtError {
    /// The issuer is empty or blank.
    EmptyIssuer,
    /// The audience is empty or blank.
    EmptyAudience,
    /// The list of algorithms is empty.
    NoAlgorithms,
    /// There is no key.
    NoKeys,
    /// There is no verifier to choose from.
    NoVerifiers,
    /// Two verifiers are for the same issuer.
    IssuerTwice,
    /// More keys than [`JwtVerifier::MAX_KEYS`](super::JwtVerifier::MAX_KEYS).
    TooManyKeys,
    /// A key serves an algorithm that is not on the list of algorithms.
    AlgorithmNotListed(Algorithm),
    /// An algorithm is listed that no key serves.
    AlgorithmWithoutKey(Algorithm),
    /// A key id is longer than [`Key::MAX_KID_LEN`](super::Key::MAX_KID_LEN).
    KidTooLong,
    /// A leeway above [`JwtVerifier::MAX_LEEWAY`](super::JwtVerifier::MAX_LEEWAY).
    LeewayTooLong,
    /// No such algorithm, or one that is not supported.
    UnknownAlgorithm,
    /// A secret that is shorter than the hash of its algorithm (RFC 7518 §3.2).
    SecretTooShort {
        /// The algorithm.
        algorithm: Algorithm,
        /// The fewest octets.
        needed: usize,
    },
    /// A secret that is a public key: everybody could sign with it (RFC 8725 §2.1).
    SecretIsPublicKey,
    /// A key of another kind than the algorithm takes: RSA for ES256, the wrong curve, and so on.
    WrongKind(Algorithm),
    /// An RSA key of fewer than 2048 bits (RFC 7518 §3.3), or of more than 8192.
    RsaSize {
        /// Its bits.
        bits: usize,
    },
    /// An RSA key with a public exponent that is even or below 65537, or with an even modulus.
    RsaWeak,
    /// A private key where a public one is enough.
    PrivateKey,
    /// A PEM text that is not exactly one block `PUBLIC KEY` or `RSA PUBLIC KEY`.
    NotPublicKeyPem,
    /// A key that cannot be read: no key at all, not well formed, or a point that is not on its curve.
    UnreadableKey,
    /// A JWK that cannot be read, or of an unknown `kty` or `crv`.
    UnreadableJwk,
    /// A JWK without `alg`, and no algorithm was given beside it.
    JwkWithoutAlgorithm,
    /// A JWK whose `alg` differs from the algorithm that was given beside it.
    JwkOtherAlgorithm(Algorithm),
    /// A JWK that is not meant for signatures: `use` is not `sig`, or `key_ops` lacks `verify`.
    JwkOtherUse,
    /// The system gave no random octets for a fresh key (only `testing::TokenMinter` makes keys).
    NoRandomness,
    /// The keys of the issuer cannot be had.
    #[cfg(feature = "jwks")]
    RemoteKeys(super::KeysError),
}

#[cfg(feature = "jwks")]
impl From<super::KeysError> for JwtError {
    fn from(error: super::KeysError) -> Self {
        Self::RemoteKeys(error)
    }
}

impl fmt::Display for JwtError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyIssuer => f.write_str(
                "the issuer is empty: write the `iss` of your identity provider, exactly as its tokens do",
            ),
            Self::EmptyAudience => f.write_str(
                "the audience is empty: write the identifier of this service that tokens carry in `aud`",
            ),
            Self::NoAlgorithms => f.write_str(
                "no algorithm is allowed: list those that your issuer signs with, such as `[Algorithm::ES256]`",
            ),
            Self::NoKeys => f.write_str("there is no key: give the keys of your issuer"),
            Self::NoVerifiers => {
                f.write_str("there is no verifier: give one for each issuer that is trusted")
            }
            Self::IssuerTwice => f.write_str(
                "two verifiers are for the same issuer, so that its tokens could not choose: give one for each issuer",
            ),
            Self::TooManyKeys => write!(
                f,
                "more than {} keys: give those that are in use",
                super::MAX_KEYS
            ),
            Self::AlgorithmNotListed(algorithm) => write!(
                f,
                "a key serves {algorithm}, which is not on the list of algorithms: list it, or leave the key out"
            ),
            Self::AlgorithmWithoutKey(algorithm) => write!(
                f,
                "{algorithm} is listed, but no key serves it: give such a key, or take it off the list"
            ),
            Self::KidTooLong => write!(
                f,
                "a key id is longer than {} octets: use the `kid` that tokens carry",
                super::Key::MAX_KID_LEN
            ),
            Self::LeewayTooLong => write!(
                f,
                "the leeway is above {} seconds: set the clocks right instead",
                super::MAX_LEEWAY.as_secs()
            ),
            Self::UnknownAlgorithm => f.write_str(
                "no such algorithm: write one of HS256, HS384, HS512, RS256, RS384, RS512, PS256, PS384, PS512, ES256, ES384, EdDSA",
            ),
            Self::SecretTooShort { algorithm, needed } => write!(
                f,
                "the secret is too short for {algorithm}: use at least {needed} random octets"
            ),
            Self::SecretIsPublicKey => f.write_str(
                "the secret is a public key, which everybody may know: read it with `Key::from_pem`, `Key::from_der` or `Key::from_jwk`",
            ),
            Self::WrongKind(algorithm) => write!(
                f,
                "the key is not of the kind that {algorithm} takes: name the algorithm that your issuer signs with"
            ),
            Self::RsaSize { bits } => write!(
                f,
                "the RSA key has {bits} bits: use one of 2048 to 8192 bits"
            ),
            Self::RsaWeak => f.write_str(
                "the RSA key is weak: use one with the public exponent 65537",
            ),
            Self::PrivateKey => f.write_str(
                "this is a private key: give its public half, which `openssl pkey -pubout` writes",
            ),
            Self::NotPublicKeyPem => f.write_str(
                "this is not one PEM block `PUBLIC KEY`: `openssl pkey -pubout` writes one from a private key, `openssl x509 -pubkey -noout` from a certificate",
            ),
            Self::UnreadableKey => f.write_str(
                "the key cannot be read: give a SubjectPublicKeyInfo as `openssl pkey -pubout` writes it",
            ),
            Self::UnreadableJwk => f.write_str(
                "the JWK cannot be read: give one JSON object of `kty` oct, RSA, EC (P-256, P-384) or OKP (Ed25519)",
            ),
            Self::JwkWithoutAlgorithm => f.write_str(
                "the JWK has no `alg`: say which algorithm it serves with `Key::from_jwk_as`",
            ),
            Self::JwkOtherAlgorithm(algorithm) => write!(
                f,
                "the JWK has another `alg` than {algorithm}: one key serves one algorithm"
            ),
            Self::JwkOtherUse => f.write_str(
                "the JWK is not for checking signatures: its `use` must be `sig` and its `key_ops` must hold `verify`, where present",
            ),
            Self::NoRandomness => f.write_str("the system gave no random octets for a fresh key"),
            #[cfg(feature = "jwks")]
            Self::RemoteKeys(error) => error.fmt(f),
        }
    }
}

impl core::error::Error for JwtError {}

crate::readable::debug_like_display!(JwtError);
