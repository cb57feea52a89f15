//! What can be wrong with the settings, and what to write instead.

use core::fmt;

use crate::jwt::Algorithm;
use crate::outbound::{AddressError, FetchError};

/// Why an [`Introspection`](super::Introspection) or a [`SigningKey`](super::SigningKey) cannot be made. It holds no
/// secret.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum IntrospectionError {
    /// The address of the endpoint is not one to be asked.
    Endpoint(AddressError),
    /// The audience is empty or blank.
    EmptyAudience,
    /// The issuer is empty or blank.
    EmptyIssuer,
    /// The client id is empty.
    EmptyClientId,
    /// The client secret is empty.
    EmptySecret,
    /// The audience of the client's assertions is empty or blank.
    EmptyAssertionAudience,
    /// A leeway above [`IntrospectionBuilder::MAX_LEEWAY`](super::IntrospectionBuilder::MAX_LEEWAY).
    LeewayTooLong,
    /// Answers are remembered longer than
    /// [`MAX_ACTIVE_TIME`](super::IntrospectionBuilder::MAX_ACTIVE_TIME) or
    /// [`MAX_INACTIVE_TIME`](super::IntrospectionBuilder::MAX_INACTIVE_TIME).
    RememberedTooLong,
    /// A deadline of zero.
    NoDeadline,
    /// The built-in HTTP client cannot be made.
    Client(FetchError),
    /// The system gave no random octets.
    NoRandomness,
    /// An algorithm that client assertions are not signed with here.
    AlgorithmNotForAssertions(Algorithm),
    /// A PEM text that is not exactly one block `PRIVATE KEY`.
    NotPrivateKeyPem,
    /// A key that cannot be read, or of another kind than the algorithm takes.
    UnreadableKey(Algorithm),
    /// An RSA key of fewer than 2048 bits (RFC 7518 §3.3).
    RsaTooShort,
}

impl fmt::Display for IntrospectionError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Endpoint(error) => write!(f, "the introspection endpoint: {error}"),
            Self::EmptyAudience => f.write_str(
                "the audience is empty: write the identifier of this service that answers carry in `aud`",
            ),
            Self::EmptyIssuer => f.write_str(
                "the issuer is empty: write the `iss` of your identity provider, or leave `with_issuer` out",
            ),
            Self::EmptyClientId => {
                f.write_str("the client id is empty: write that of this service at the provider")
            }
            Self::EmptySecret => f.write_str(
                "the client secret is empty: is the variable set that you take it from?",
            ),
            Self::EmptyAssertionAudience => f.write_str(
                "the audience of the client's assertions is empty: write the issuer or the token endpoint of the provider, whichever it asks for",
            ),
            Self::LeewayTooLong => write!(
                f,
                "the leeway is above {} seconds: set the clocks right instead",
                super::MAX_LEEWAY.as_secs()
            ),
            Self::RememberedTooLong => write!(
                f,
                "answers are remembered too long: at most {} seconds for active tokens, {} for others",
                super::MAX_ACTIVE_TIME.as_secs(),
                super::MAX_INACTIVE_TIME.as_secs()
            ),
            Self::NoDeadline => {
                f.write_str("the deadline is zero: write how long a call may take, such as 2 seconds")
            }
            Self::Client(error) => write!(f, "the HTTP client cannot be made: {error}"),
            Self::NoRandomness => f.write_str("the system gave no random octets"),
            Self::AlgorithmNotForAssertions(algorithm) => write!(
                f,
                "assertions are not signed with {algorithm} here: write one of RS256, PS256, ES256, ES384, EdDSA"
            ),
            Self::NotPrivateKeyPem => f.write_str(
                "this is not one PEM block `PRIVATE KEY` (PKCS#8, not encrypted): `openssl pkcs8 -topk8 -nocrypt` writes one from other private keys",
            ),
            Self::UnreadableKey(algorithm) => {
                write!(f, "the key cannot be read as a private key for {algorithm}")
            }
            Self::RsaTooShort => f.write_str("the RSA key is too short: use one of at least 2048 bits"),
        }
    }
}

impl core::error::Error for IntrospectionError {}

crate::readable::debug_like_display!(IntrospectionError);
