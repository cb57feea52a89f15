//! From a token to an identity: the list at the top of [`jwt`](super).

use core::ops::Range;
use std::sync::Arc;

use serde::de::DeserializeOwned;

#[cfg(feature = "jwks")]
use super::RemoteKeys;
use super::claims::{Demands, Registered};
#[cfg(feature = "jwks")]
use super::compact::Unsigned;
use super::compact::{Signed, Token};
use super::keys::Keys;
use super::{JwtVerifier, Key, typed};
use crate::clock::Clock;
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::verify::token_cache::Digest;
use crate::verify::{Grants, TokenFacts, Verified};

/// A token that was admitted, and will be until it ends, is revoked, or its key disappears.
pub(super) struct Admitted<Claims> {
    claims: Arc<Claims>,
    grants: Grants,
    facts: Arc<TokenFacts>,
    /// When it is taken, in seconds since 1970-01-01T00:00:00Z and with the leeway. A clock may be set back.
    time: Range<f64>,
    key: Arc<Key>,
}

impl<Claims: DeserializeOwned> JwtVerifier<Claims> {
    /// All of the list.
    pub(super) async fn check(&self, text: &str, now: u64) -> Result<Verified<Claims>, Cause> {
        let digest = Digest::of(text, &self.secret);
        let remembered = self.remembered(digest, now);
        self.count(remembered.is_some());
        let admitted = match remembered {
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

    /// What time it is: by its own clock, or by that of the application.
    pub(super) fn now(&self, request: &RequestView<'_>) -> u64 {
        let clock = self.clock.as_ref();
        clock.map_or_else(|| request.unix_seconds(), Clock::unix_seconds)
    }

    /// Counts a token that was remembered, or was not.
    pub(super) fn count(&self, remembered: bool) {
        if let Some(cache) = &self.cache {
            cache.count(remembered);
        }
    }

    /// What the cache knows of a token, if it is as good as when it was examined.
    pub(super) fn remembered(&self, digest: Digest, now: u64) -> Option<Arc<Admitted<Claims>>> {
        self.cache.as_ref()?.peek(digest, |admitted| {
            admitted.time.contains(&typed::seconds(now)) && self.keys.has(&admitted.key)
        })
    }

    pub(super) fn remember(
        &self,
        digest: Digest,
        token_len: usize,
        admitted: &Arc<Admitted<Claims>>,
    ) {
        if let Some(cache) = &self.cache {
            cache.insert(digest, token_len, Arc::clone(admitted));
        }
    }

    pub(super) async fn unless_revoked(
        &self,
        admitted: &Admitted<Claims>,
    ) -> Result<Verified<Claims>, Cause> {
        self.revocation.check(&admitted.facts).await?;
        Ok(Verified::shared(Arc::clone(&admitted.claims))
            .with_grants(admitted.grants.clone())
            .time_checked())
    }

    #[cfg_attr(
        not(feature = "jwks"),
        expect(clippy::unused_async, reason = "given keys are there")
    )]
    pub(super) async fn examine(
        &self,
        token: &Token<'_>,
        now: u64,
    ) -> Result<Arc<Admitted<Claims>>, Cause> {
        let admitted = match &self.keys {
            Keys::Given(set) => self.admit(&token.signed_by(set)?, now),
            #[cfg(feature = "jwks")]
            Keys::Remote(keys) => self.examine_with(keys, token, now).await,
        };
        admitted.map(Arc::new)
    }

    /// Where the key of the token is not there, or may not be, the issuer is asked for newer ones. That is worth it only if
    /// the token could be admitted once the key is there; its algorithm is on the list, or it would have been refused.
    #[cfg(feature = "jwks")]
    async fn examine_with(
        &self,
        keys: &RemoteKeys,
        token: &Token<'_>,
        now: u64,
    ) -> Result<Admitted<Claims>, Cause> {
        let mut look = keys.look();
        loop {
            let unsigned = match token.signed_by(look.set()) {
                Ok(signed) => return self.admit(&signed, now),
                Err(unsigned) => unsigned,
            };
            let worth_asking = !matches!(unsigned, Unsigned::Other(_))
                && token.claims_issuer(self.issuer.as_str())
                && self.profile.admits_type(token.typ());
            if !worth_asking {
                return Err(unsigned.into());
            }
            // Boxed: it is rare, and would make the future of every request larger.
            match (Box::pin(look.again()).await, unsigned) {
                (Ok(()), _) => {}
                // There were keys to judge it by.
                (Err(_), Unsigned::NoneSigned) => return Err(Unsigned::NoneSigned.into()),
                (Err(refusal), _) => return Err(refusal),
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
        let claims = serde_json::from_str(payload).map_err(|_| typed::unfit::<Claims>())?;
        let time = registered.not_expired(&demands)?;
        Ok(Admitted {
            claims: Arc::new(claims),
            grants: registered.grants,
            facts: registered.facts,
            time,
            key: Arc::clone(signed.key),
        })
    }
}
