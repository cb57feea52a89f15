//! From a token to an identity: the list at the top of [`jwt`](super).

use std::borrow::Cow;
use std::sync::Arc;

use serde::de::DeserializeOwned;

#[cfg(feature = "jwks")]
use super::RemoteKeys;
use super::claims::{self, Demands, Registered};
#[cfg(feature = "jwks")]
use super::compact::Unsigned;
use super::compact::{Signed, Token};
use super::keys::Keys;
use super::{JwtVerifier, Key};
use crate::refusal::Cause;
use crate::verify::token_cache::Digest;
use crate::verify::{Grants, TokenFacts, Verified};

/// A token that was admitted, and will be until it ends, is revoked, or its key disappears.
pub(super) struct Admitted<Claims> {
    claims: Arc<Claims>,
    grants: Grants,
    facts: TokenFacts,
    /// In seconds since 1970-01-01T00:00:00Z, with the leeway.
    end: f64,
    key: Arc<Key>,
}

impl<Claims: DeserializeOwned> JwtVerifier<Claims> {
    /// All of the list.
    pub(super) async fn check(&self, text: &str, now: u64) -> Result<Verified<Claims>, Cause> {
        let digest = Digest::of(text, &self.secret);
        let admitted = match self.remembered(digest, now) {
            Some(admitted) => admitted,
            None => {
                let token = Token::read(text)?;
                let admitted = self.examine(&token, now).await?;
                self.remember(digest, text.len(), &admitted);
                admitted
            }
        };
        self.unless_revoked(&admitted).await
    }

    /// What the cache knows of a token, if it is as good as when it was examined.
    fn remembered(&self, digest: Digest, now: u64) -> Option<Arc<Admitted<Claims>>> {
        self.cache.as_ref()?.get(digest, |admitted| {
            claims::seconds(now) < admitted.end && self.keys.has(&admitted.key)
        })
    }

    fn remember(&self, digest: Digest, token_len: usize, admitted: &Arc<Admitted<Claims>>) {
        if let Some(cache) = &self.cache {
            cache.insert(digest, token_len, Arc::clone(admitted));
        }
    }

    async fn unless_revoked(&self, admitted: &Admitted<Claims>) -> Result<Verified<Claims>, Cause> {
        self.revocation.check(&admitted.facts).await?;
        Ok(Verified::shared(Arc::clone(&admitted.claims))
            .with_grants(admitted.grants.clone())
            .time_checked())
    }

    #[cfg_attr(
        not(feature = "jwks"),
        expect(clippy::unused_async, reason = "given keys are there")
    )]
    async fn examine(&self, token: &Token<'_>, now: u64) -> Result<Arc<Admitted<Claims>>, Cause> {
        let admitted = match &self.keys {
            Keys::Given(set) => self.admit(&token.signed_by(set)?, now),
            #[cfg(feature = "jwks")]
            Keys::Remote(keys) => self.examine_with(keys, token, now).await,
        };
        admitted.map(Arc::new)
    }

    /// Where the key of the token is not there, the issuer is asked for newer ones. That is worth it only if the token
    /// could be admitted once the key is there; its algorithm is on the list, or it would have been refused.
    #[cfg(feature = "jwks")]
    async fn examine_with(
        &self,
        keys: &RemoteKeys,
        token: &Token<'_>,
        now: u64,
    ) -> Result<Admitted<Claims>, Cause> {
        let mut look = keys.look();
        loop {
            match token.signed_by(look.set()) {
                Ok(signed) => return self.admit(&signed, now),
                Err(Unsigned::UnknownKey)
                    if token.claims_issuer(self.issuer.as_str())
                        && self.profile.admits_type(token.typ()) =>
                {
                    // Boxed: it is rare, and would make the future of every request larger.
                    Box::pin(look.again()).await?;
                }
                Err(unsigned) => return Err(unsigned.into()),
            }
        }
    }

    /// All that is asked of a token whose signature held.
    fn admit(&self, signed: &Signed<'_>, now: u64) -> Result<Admitted<Claims>, Cause> {
        if !self.profile.admits_type(signed.typ) {
            return Err(Cause::invalid_token("wrong typ"));
        }
        let payload = core::str::from_utf8(signed.payload)
            .map_err(|_| Cause::invalid_token("malformed: payload"))?;
        let demands = Demands {
            issuer: &self.issuer.0,
            audience: self.audience.as_str(),
            profile: self.profile,
            roles: &self.roles,
            leeway: self.leeway.as_secs(),
            now,
        };
        let registered = Registered::read(payload, &demands)?;
        let claims = serde_json::from_str(payload).map_err(|_| unfit::<Claims>())?;
        let end = registered.not_expired(&demands)?;
        Ok(Admitted {
            claims: Arc::new(claims),
            grants: registered.grants,
            facts: registered.facts,
            end,
            key: Arc::clone(signed.key),
        })
    }
}

/// Serde's own words may quote the token; the name of the type cannot.
fn unfit<Claims>() -> Cause {
    let wanted = core::any::type_name::<Claims>();
    Cause::invalid_token(Cow::Owned(format!("claims cannot be read as {wanted}")))
}
