//! Several issuers side by side.

use core::fmt;

use serde::de::DeserializeOwned;

use super::compact::Token;
use super::{JwtError, JwtVerifier};
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{Bearer, BearerToken};
use crate::verify::token_cache::{Digest, Secret};
use crate::verify::{Verified, Verifier};

/// Checks bearer tokens of several issuers, each with a [`JwtVerifier`] of its own: its keys, audience, profile,
/// revocation.
///
/// The `iss` of a token chooses the verifier, octet by octet, before any key is looked at. A token of an unknown issuer
/// is refused, and nobody is asked about it. A verifier that cannot get its keys refuses the tokens of its own issuer
/// only.
///
/// ```
/// use auth_core::jwt::{Algorithm, Audience, Issuer, JwtError, JwtIssuers, JwtVerifier, Key};
/// use auth_core::Revocation;
///
/// #[derive(Clone, serde::Deserialize)]
/// struct Claims {
///     iss: String,
///     sub: String,
/// }
///
/// fn trusted(issuer: &str, key: Key) -> Result<JwtVerifier<Claims>, JwtError> {
///     let audience = Audience::new("https://orders.example.com");
///     JwtVerifier::new(Issuer::new(issuer), audience, [key.algorithm()], [key], Revocation::None)
/// }
///
/// let tokens = JwtIssuers::new([
///     trusted("https://login.example.com", Key::hs256([7; 32])?)?,
///     trusted("https://partner.example.net", Key::hs256([8; 32])?)?,
/// ])?;
/// # let _ = tokens;
/// # Ok::<(), JwtError>(())
/// ```
///
/// Two issuers may give the same `sub` to different people: take `iss` into your claims where you tell people apart.
pub struct JwtIssuers<Claims> {
    verifiers: Box<[JwtVerifier<Claims>]>,
    secret: Secret,
}

impl<Claims> JwtIssuers<Claims> {
    /// Takes the tokens that any of these verifiers takes.
    ///
    /// # Errors
    /// [`JwtError::NoVerifiers`] without one, and [`JwtError::IssuerTwice`] if two are for the same issuer.
    pub fn new(verifiers: impl IntoIterator<Item = JwtVerifier<Claims>>) -> Result<Self, JwtError> {
        let verifiers: Box<[_]> = verifiers.into_iter().collect();
        if verifiers.is_empty() {
            return Err(JwtError::NoVerifiers);
        }
        for (at, verifier) in verifiers.iter().enumerate() {
            let mut others = verifiers.iter().take(at);
            if others.any(|other| other.issuer() == verifier.issuer()) {
                return Err(JwtError::IssuerTwice);
            }
        }
        let secret = Secret::of_this_process().ok_or(JwtError::NoRandomness)?;
        Ok(Self { verifiers, secret })
    }

    /// The verifiers, in the order in which they were given: for their health and figures.
    #[must_use]
    pub fn verifiers(&self) -> &[JwtVerifier<Claims>] {
        &self.verifiers
    }
}

impl<Claims> Verifier for JwtIssuers<Claims>
where
    Claims: DeserializeOwned + Clone + Send + Sync + 'static,
{
    type Scheme = Bearer;
    type Identity = Claims;

    async fn verify<'r>(
        &'r self,
        token: BearerToken<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<Claims>, Cause> {
        let text = token.expose();
        let digest = Digest::of(text, &self.secret);
        for verifier in &self.verifiers {
            if let Some(admitted) = verifier.remembered(digest, verifier.now(request)) {
                verifier.count(true);
                return verifier.unless_revoked(&admitted).await;
            }
        }
        let token = Token::read(text)?;
        let mut verifiers = self.verifiers.iter();
        let verifier = verifiers
            .find(|verifier| token.claims_issuer(verifier.issuer().as_str()))
            .ok_or(Cause::invalid_token("unknown issuer"))?;
        verifier.count(false);
        let admitted = verifier.examine(&token, verifier.now(request)).await?;
        verifier.remember(digest, text.len(), &admitted);
        verifier.unless_revoked(&admitted).await
    }
}

/// Prints the verifiers, never a key.
impl<Claims> fmt::Debug for JwtIssuers<Claims> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("JwtIssuers").field(&self.verifiers).finish()
    }
}
