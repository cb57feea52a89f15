//! Challenges that lack their nonce.

use auth_syntax::{Declaration, DigestAlgorithm, DigestQop, DigestTerms, check_error_text};
use bytes::Bytes;
use http::HeaderValue;

use crate::policy::Member;
use crate::refusal::Cause;

/// A challenge of Digest that lacks its nonce: everything else was written while the program was compiled. A
/// [`Verifier`](crate::Verifier::complete) puts one in.
#[derive(Clone, Copy, Debug)]
pub struct OpenChallenge<'a> {
    declaration: &'a Declaration<'static>,
    algorithm: DigestAlgorithm,
    /// It ends in `nonce=""`.
    text: &'static str,
    stale: bool,
}

impl<'a> OpenChallenge<'a> {
    /// All challenges of a member that are open, in its order of preference.
    pub(super) fn all(member: &'a Member, stale: bool) -> impl Iterator<Item = Self> {
        let declaration = member.declaration();
        let terms = declaration.digest_terms();
        let algorithms = terms.map(DigestTerms::algorithms).unwrap_or_default();
        let texts = member.challenge_texts();
        algorithms
            .iter()
            .zip(texts)
            .map(move |(algorithm, text)| Self {
                declaration,
                algorithm: *algorithm,
                text,
                stale,
            })
    }

    /// The realm.
    #[must_use]
    pub fn realm(&self) -> &'a str {
        self.declaration.realm()
    }

    /// The algorithm that it offers: the nonce is good for no other one.
    #[must_use]
    pub fn algorithm(&self) -> DigestAlgorithm {
        self.algorithm
    }

    /// Whether it offers this quality of protection.
    #[must_use]
    pub fn offers(&self, qop: DigestQop) -> bool {
        let terms = self.declaration.digest_terms();
        terms.is_some_and(|terms| terms.offers(qop))
    }

    /// Whether it says `stale=true`: the digest was right, and the nonce was not fresh (RFC 7616 §3.3).
    #[must_use]
    pub fn is_stale(&self) -> bool {
        self.stale
    }

    /// The challenge with this nonce.
    ///
    /// # Errors
    /// [`Cause::NotConfigured`] for a nonce that is empty or holds anything but printable ASCII without quotes and
    /// backslashes.
    pub fn with_nonce(&self, nonce: &str) -> Result<HeaderValue, Cause> {
        let unfit = || Cause::NotConfigured("a nonce of the verifier cannot be sent".into());
        let before = self.text.strip_suffix('"').ok_or_else(unfit)?;
        if nonce.is_empty() || check_error_text(nonce).is_err() {
            return Err(unfit());
        }
        let behind = if self.stale { "\", stale=true" } else { "\"" };
        let whole = [before, nonce, behind].concat();
        HeaderValue::from_maybe_shared(Bytes::from(whole)).map_err(|_| unfit())
    }
}
