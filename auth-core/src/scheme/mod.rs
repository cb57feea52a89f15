//! The authentication schemes: how each reads its credentials and what its challenge says.
//!
//! A scheme knows the grammar of its credentials and the parameters of its challenge, and nothing
//! about users: whether credentials are *good* is for a [`Verifier`](crate::Verifier) to say.

mod api_key;
mod basic;
mod bearer;

#[cfg(feature = "api-keys")]
pub(crate) use api_key::is_presentable;
pub use api_key::{ApiKey, ApiKeyCredentials};
pub use basic::{Basic, BasicCredentials};
pub use bearer::{Bearer, BearerToken};

use crate::refusal::{Cause, Text};

/// An authentication scheme (RFC 9110 §11.1).
///
/// Implemented by [`Basic`], [`Bearer`] and [`ApiKey`]. The attribute knows these; another one can be
/// demanded by a [`Policy`](crate::Policy) written by hand only.
pub trait Scheme: Send + Sync + 'static {
    /// What a request presents, borrowed from it.
    type Credentials<'r>: Send;

    /// The same, owned: for verifiers that hold on to it across an `await`.
    type Owned: Send + 'static;

    /// The name in challenges and credentials, as registered with IANA where it is.
    const NAME: &'static str;

    /// What the body of the refusal says when a verifier found the credentials wrong.
    const REJECTED: Text;

    /// What the challenge of this scheme can tell about a refusal.
    const ERRORS: ChallengeErrors;

    /// Reads the credentials: for those carried in `Authorization` what follows the scheme and its
    /// blanks, else the whole field value. The value may be empty
    /// (`Authorization: Bearer` and nothing more); for a field that is absent or empty it is not called.
    ///
    /// # Errors
    /// [`Cause::Malformed`] or [`Cause::InvalidRequest`] when the value does not follow the grammar
    /// of the scheme; it then names nobody, and no verifier hears of it.
    fn extract(value: &[u8]) -> Result<Self::Credentials<'_>, Cause>;

    /// Copies the credentials out of the request.
    fn to_owned(credentials: Self::Credentials<'_>) -> Self::Owned;
}

/// Whether a scheme defines parameters that say why a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ChallengeErrors {
    /// None: the challenge is the same for every cause (Basic, `ApiKey`).
    None,
    /// `scope`, `error` and `error_description` of RFC 6750 §3 (Bearer).
    OAuth,
}
