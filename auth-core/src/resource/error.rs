//! What can be wrong with metadata, and what to write instead.

use core::fmt;

use auth_syntax::BadValue;

use crate::url::UrlProblem;

/// Why a [`ProtectedResource`](super::ProtectedResource) cannot be made.
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum ProtectedResourceError {
    /// A URL cannot be published.
    Url {
        /// The member of the document, such as `jwks_uri`.
        member: &'static str,
        /// What is wrong with it.
        problem: UrlProblem,
    },
    /// One of `scopes_supported` is no scope-token (RFC 6749 §3.3).
    Scope(BadValue),
    /// One of `scopes_supported` is several scopes with spaces between them.
    SeveralScopes,
    /// `offline_access` is among `scopes_supported`.
    OfflineAccess,
    /// `resource_name` is blank, or holds control characters.
    Name,
    /// One of `dpop_signing_alg_values_supported` is `none`, symmetric, or no name of an algorithm.
    DpopAlgorithm,
}

impl fmt::Display for ProtectedResourceError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Url { member, problem } => write!(f, "`{member}` cannot be published: {problem}"),
            Self::Scope(bad) => write!(
                f,
                "`scopes_supported` cannot be published: {bad}"
            ),
            Self::SeveralScopes => f.write_str(
                "an entry of `scopes_supported` is several scopes: give each by itself, such as `[\"orders:read\", \"orders:write\"]`",
            ),
            Self::OfflineAccess => f.write_str(
                "`scopes_supported` names `offline_access`: leave it out, a client asks its authorization server for refresh tokens, no resource does",
            ),
            Self::Name => f.write_str(
                "`resource_name` is blank or holds control characters: write one line that people can read",
            ),
            Self::DpopAlgorithm => f.write_str(
                "`dpop_signing_alg_values_supported` names what no proof may be signed with: write asymmetric algorithms such as `ES256`, never `none` or `HS256` (RFC 9449 section 4.2)",
            ),
        }
    }
}

impl core::error::Error for ProtectedResourceError {}

crate::readable::debug_like_display!(ProtectedResourceError);
