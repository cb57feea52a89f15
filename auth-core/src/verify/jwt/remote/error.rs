//! Why there are no keys, and what to do about it.

use core::fmt;
use core::time::Duration;

use http::StatusCode;

use crate::jwt::Algorithm;
use crate::outbound::{AddressError, FetchError};

/// Why keys cannot be had from an issuer: a setting that does not work, or an attempt that failed. It repeats nothing
/// that the issuer sent.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum KeysError {
    /// The issuer is empty or blank.
    EmptyIssuer,
    /// The issuer is no address that its metadata could be asked from.
    IssuerAddress(AddressError),
    /// The issuer holds a query, which none may have (RFC 8414 §2).
    IssuerQuery,
    /// The address of the keys is not one that is asked.
    KeysAddress(AddressError),
    /// The list of algorithms is empty.
    NoAlgorithms,
    /// An algorithm with shared secrets is listed: what everybody may fetch is no secret.
    SharedSecret(Algorithm),
    /// The shortest cache time is above the longest, or above 30 days.
    CacheTimes,
    /// There is no tokio runtime to fetch in.
    NoRuntime,
    /// No client could be made.
    NoClient(FetchError),
    /// The issuer's metadata could not be read.
    Metadata(AnswerError),
    /// The metadata is that of another issuer (RFC 8414 §3.3).
    OtherIssuer,
    /// The `jwks_uri` of the metadata is not an address that is asked.
    NamedAddress(AddressError),
    /// The keys could not be read.
    Keys(AnswerError),
    /// There are keys, or none, and not one of them can be used. The issuer is believed: those that it had before do not
    /// count any more.
    NoUsableKey {
        /// How many keys were there.
        found: usize,
    },
    /// Metadata and keys were not there within this time.
    Deadline(Duration),
    /// The attempt ended without a result: its runtime was stopped, or the client panicked.
    Stopped,
}

/// Why an answer of the issuer is of no use.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AnswerError {
    /// There was none.
    None(FetchError),
    /// Its status is not 200.
    Status(StatusCode),
    /// It is not JSON, or lacks the member that is asked for: `issuer` and `jwks_uri`, or `keys`.
    Unreadable,
}

impl fmt::Display for KeysError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::EmptyIssuer => f.write_str(
                "the issuer is empty: write the `iss` of your identity provider, exactly as its tokens do",
            ),
            Self::IssuerAddress(error) => write!(
                f,
                "the issuer has no metadata that could be asked for: {error}; or give the address of its keys with `RemoteKeys::at`"
            ),
            Self::IssuerQuery => f.write_str(
                "the issuer holds a query (`?`), so it has no metadata (RFC 8414 §2): give the address of its keys with `RemoteKeys::at`",
            ),
            Self::KeysAddress(error) => write!(f, "the address of the keys: {error}"),
            Self::NoAlgorithms => f.write_str(
                "no algorithm is allowed: list those that your issuer signs with, such as `[Algorithm::ES256]`",
            ),
            Self::SharedSecret(algorithm) => write!(
                f,
                "{algorithm} takes a shared secret, which is never fetched: take it off the list, and give such keys to `JwtVerifier::new`"
            ),
            Self::CacheTimes => f.write_str(
                "the shortest cache time is above the longest, or above 30 days: write `with_cache_times(shortest, longest)`",
            ),
            Self::NoRuntime => {
                f.write_str("there is no tokio runtime: call this within one, such as in `#[tokio::main]`")
            }
            Self::NoClient(error) => error.fmt(f),
            Self::Metadata(error) => write!(f, "metadata of the issuer: {error}"),
            Self::OtherIssuer => f.write_str(
                "the metadata names another issuer: write the issuer exactly as its metadata and its tokens do, slash at the end and all",
            ),
            Self::NamedAddress(error) => write!(f, "`jwks_uri` of the issuer's metadata: {error}"),
            Self::Keys(error) => write!(f, "keys of the issuer: {error}"),
            Self::NoUsableKey { found } => write!(
                f,
                "not one of the issuer's {found} keys can be used with the algorithms that are listed"
            ),
            Self::Deadline(limit) => write!(f, "no metadata and keys of the issuer within {limit:?}"),
            Self::Stopped => f.write_str("the attempt was stopped"),
        }
    }
}

impl fmt::Display for AnswerError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None(error) => error.fmt(f),
            Self::Status(status) => write!(f, "the answer is {status}"),
            Self::Unreadable => f.write_str("the answer is not the JSON that was asked for"),
        }
    }
}

impl KeysError {
    /// One word for a label.
    pub(super) fn word(&self) -> &'static str {
        match self {
            Self::Metadata(error) | Self::Keys(error) => error.word(),
            Self::OtherIssuer => "other_issuer",
            Self::NamedAddress(_) => "address",
            Self::NoUsableKey { .. } => "no_usable_key",
            Self::Deadline(_) => "timeout",
            // The others are settings, which are refused before the first attempt.
            _ => "stopped",
        }
    }
}

impl AnswerError {
    fn word(&self) -> &'static str {
        match self {
            Self::None(error) => error.word(),
            Self::Status(_) => "status",
            Self::Unreadable => "unreadable",
        }
    }
}

impl core::error::Error for KeysError {}

crate::readable::debug_like_display!(KeysError);
impl core::error::Error for AnswerError {}
