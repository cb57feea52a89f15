//! Checks Digest credentials (RFC 7616 §3.4).

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use auth_syntax::{Declaration, DigestAlgorithm, DigestQop, DigestTerms};
use bytes::Bytes;
use http::HeaderValue;

use super::budget::{Budget, Held};
use super::builder::DigestVerifierBuilder;
use super::counts::{CountAnswer, NonceCounts as _, NonceUse, SharedCounts};
use super::hash::{self, Covered, DigestHash};
use super::hints::Hints;
use super::info::Info;
use super::nonce::{NonceSecret, Nonces, ReadNonce};
use super::spelling;
use super::users::{DigestLookup, DigestUserEntry, DigestUsers};
use crate::exchange::{ContentProblem, Exchange, Spent};
use crate::refusal::{Cause, DigestFault, InvalidRequest, OpenChallenge, TargetDifference};
use crate::request::RequestView;
use crate::scheme::{Digest, DigestCredentials, DigestUser};
use crate::verify::{StoreDown, Verified, Verifier};

/// Checks Digest credentials: a verifier for [`Digest`], of users whose [`DigestHash`] it knows. Cheap to clone.
///
/// ```
/// use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
/// use auth_core::{AuthState, Authenticated, DigestAlgorithm, requires_auth};
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Digest)]
///     users: DigestVerifier<DigestUserList<&'static str>>,
/// }
///
/// #[requires_auth(scheme = "Digest", realm = "http-auth@example.org")]
/// async fn hello(user: Authenticated<&'static str>) -> String {
///     format!("hello {}", *user)
/// }
///
/// # fn app() -> Result<App, Box<dyn std::error::Error>> {
/// # let read_secret = || [7; 32];
/// let users = DigestUserList::builder([("http-auth@example.org", DigestAlgorithm::Sha256)])
///     .user("Mufasa", "Circle of Life", "Mufasa")?
///     .build()?;
/// // At least 32 random octets, kept over restarts.
/// let secret = NonceSecret::new(read_secret())?;
/// let app = App { users: DigestVerifier::builder(users, secret).build()? };
/// # Ok(app)
/// # }
/// # app().unwrap();
/// ```
///
/// What it checks, and what it answers, is told in [the module](super).
///
/// # Errors
/// | cause | when |
/// | --- | --- |
/// | [`Cause::AlgorithmNotOffered`] | another algorithm than the policy offers, or none named where MD5 is not offered |
/// | [`InvalidRequest::Digest`] | a parameter is missing, repeated, malformed or not offered, or `uri` is not the target |
/// | [`Cause::OtherRealm`] | `realm` is not that of the policy |
/// | [`Cause::UnknownNonce`] | the nonce was not issued here, or for another realm or algorithm |
/// | [`Cause::InvalidCredentials`] | an unknown user, or a wrong digest, also where the nonce has expired |
/// | [`Cause::StaleNonce`] | a right digest with a nonce that has expired, or was used with this count before |
/// | [`Cause::ContentTooLarge`], [`InvalidRequest::ContentUnreadable`] | `auth-int`, and the content cannot be hashed |
/// | [`Cause::Unavailable`] | the store of users or of counts does not answer, or [too much content is held](DigestVerifierBuilder::with_max_content_in_flight) |
/// | [`Cause::NotConfigured`] | `auth-int` where nothing shows the content to the guard |
pub struct DigestVerifier<U>(pub(super) Arc<Parts<U>>);

pub(super) struct Parts<U> {
    pub(super) users: U,
    pub(super) nonces: Nonces,
    pub(super) lifetime: Duration,
    pub(super) counts: SharedCounts,
    pub(super) max_content_len: usize,
    pub(super) in_flight: Budget,
    pub(super) hints: Hints,
}

impl<U: DigestUsers> DigestVerifier<U> {
    /// Begins one for these users. The secret makes nonces that only this application can have issued: it is chosen here,
    /// since a random one would not survive a restart.
    #[doc(alias = "new")]
    pub fn builder(users: U, secret: NonceSecret) -> DigestVerifierBuilder<U> {
        DigestVerifierBuilder::new(users, secret)
    }
}

impl<U> DigestVerifier<U> {
    /// The users.
    pub fn users(&self) -> &U {
        &self.0.users
    }
}

impl<U: DigestUsers> Verifier for DigestVerifier<U> {
    type Scheme = Digest;
    type Identity = U::Identity;

    async fn verify<'r>(
        &'r self,
        credentials: DigestCredentials<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<U::Identity>, Cause> {
        let parts = &*self.0;
        let offer = Offer::of(request)?;
        let algorithm = offer.accepts(&credentials, request)?;
        let nonce = parts.read(&credentials, &offer, algorithm, request)?;

        // Whoever is not known costs what the others cost, the content included (DD18).
        let known = parts.find(credentials.user(), &offer, algorithm).await?;
        // An account that has ended is answered as one that there is not, whatever the digest.
        let known = known.filter(|known| !known.has_ended(request));
        let user = match &known {
            Some(known) => known.hash().clone(),
            None => {
                // Asked of the realm and not of the user.
                let hints = &parts.hints;
                hints.no_users(&parts.users, offer.realm, algorithm.base());
                DigestHash::stand_in(algorithm)
            }
        };
        if user.algorithm() != algorithm.base() {
            return Err(Cause::NotConfigured(
                "the store of users gave a hash of another algorithm than it was asked for".into(),
            ));
        }
        let content = match credentials.qop() {
            DigestQop::Auth => None,
            DigestQop::AuthInt => Some(parts.content(request).await?),
        };
        // The body still has the content: the budget is told when the guard has judged.
        let (content, _held) = content.unzip();
        let content = content.map(|content| hash::content_hash(algorithm, &content));
        let covered = Covered {
            nonce: credentials.nonce(),
            nc: credentials.count_text(),
            cnonce: credentials.cnonce(),
            uri: credentials.uri(),
            content: content.as_ref(),
        };
        let key = parts
            .key(&user, &nonce, &covered, &credentials, request)
            .await?;
        let (Some(known), Some(key)) = (known, key) else {
            return Err(Cause::InvalidCredentials);
        };
        parts
            .spend(&nonce, &credentials, algorithm, request)
            .await?;
        if let Some(exchange) = own_exchange(request) {
            let info = Info {
                key,
                nonce: credentials.nonce(),
                nc: credentials.count_text(),
                cnonce: credentials.cnonce(),
                uri: credentials.uri(),
            };
            if let Some(info) = info.into_answer(credentials.qop(), parts.max_content_len) {
                let next_nonce = parts.next_nonce(&nonce, &offer, algorithm, request);
                exchange.answer_with(info.and_next_nonce(next_nonce));
            }
        }
        Ok(known.into_verified())
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        let sees = own_exchange(request).is_some_and(Exchange::shows_content);
        if challenge.offers(DigestQop::AuthInt) && !sees {
            self.0.hints.content_out_of_sight(challenge.realm());
        }
        let now_ms = request.clock().unix_millis();
        self.0.counts.issued(now_ms);
        let nonce = self
            .0
            .nonces
            .issue(challenge.realm(), challenge.algorithm(), now_ms)
            .map_err(|error| Cause::unavailable(Duration::from_secs(5), error.to_string()))?;
        challenge.with_nonce(&nonce)
    }
}

impl<U: DigestUsers> Parts<U> {
    fn read(
        &self,
        credentials: &DigestCredentials<'_>,
        offer: &Offer<'_>,
        algorithm: DigestAlgorithm,
        request: &RequestView<'_>,
    ) -> Result<ReadNonce, Cause> {
        let now_ms = request.clock().unix_millis();
        self.nonces
            .read(credentials.nonce(), offer.realm, algorithm, now_ms)
            .ok_or(Cause::UnknownNonce)
    }

    async fn find(
        &self,
        user: DigestUser<'_>,
        offer: &Offer<'_>,
        algorithm: DigestAlgorithm,
    ) -> Result<Option<DigestUserEntry<U::Identity>>, Cause> {
        let look_up =
            async |user: DigestUser<'_>| match DigestLookup::new(user, offer.realm, algorithm) {
                Some(lookup) => self.users.find(lookup).await,
                None => Ok(None),
            };
        let known = look_up(user).await?;
        // Asked whether or not the first is known, which otherwise could be told.
        if let DigestUser::Plain(name) = user
            && let Some(name) = spelling::decoded(name)
        {
            let meant = look_up(DigestUser::Plain(&name)).await?;
            return Ok(known.or(meant));
        }
        Ok(known)
    }

    /// The content of the request, for `auth-int`, and what is held of the budget for it.
    async fn content(&self, request: &RequestView<'_>) -> Result<(Bytes, Held<'_>), Cause> {
        let exchange = own_exchange(request).ok_or(ContentProblem::OutOfSight)?;
        let room = exchange.room_for_content(self.max_content_len)?;
        let held = self.in_flight.hold(room).ok_or_else(|| {
            Cause::unavailable(
                Duration::from_secs(1),
                "the contents of other requests use up what `with_max_content_in_flight` allows",
            )
        })?;
        Ok((exchange.content(self.max_content_len).await?, held))
    }

    /// The key that the digest was made with; `None` if it is wrong.
    async fn key(
        &self,
        user: &DigestHash,
        nonce: &ReadNonce,
        covered: &Covered<'_>,
        credentials: &DigestCredentials<'_>,
        request: &RequestView<'_>,
    ) -> Result<Option<DigestHash>, Cause> {
        let is_right = |key: &DigestHash| -> bool {
            let response = hash::response(key, request.method(), covered);
            response.matches(credentials.response()).into()
        };
        let is_session = credentials
            .algorithm()
            .is_some_and(DigestAlgorithm::is_session);
        if !is_session {
            return Ok(Some(user.clone()).filter(is_right));
        }
        // RFC 7616 §3.4.2 takes the cnonce of the first request, and clients take that of this one.
        let key = hash::session_hash(user, covered.nonce, covered.cnonce);
        if is_right(&key) {
            return Ok(Some(key));
        }
        let first = self.counts.first_cnonce(nonce.id).await;
        let first = first.map_err(StoreDown::cause)?;
        let key = first.map(|first| hash::session_hash(user, covered.nonce, &first));
        Ok(key.filter(is_right))
    }

    /// Uses the nonce up for this count. It is asked at the very end: whoever cannot compute the digest uses up nothing.
    async fn spend(
        &self,
        nonce: &ReadNonce,
        credentials: &DigestCredentials<'_>,
        algorithm: DigestAlgorithm,
        request: &RequestView<'_>,
    ) -> Result<(), Cause> {
        // Once more: the content may have taken its time, and counts are forgotten when their nonce ends.
        let now_ms = request.clock().unix_millis();
        if nonce.expired || now_ms >= nonce.expires_at_ms {
            return Err(Cause::StaleNonce);
        }
        let spent = Spent {
            store: self.counts.id(),
            nonce: nonce.id,
            count: credentials.count(),
        };
        // By a guard outside, for this very request.
        let exchange = own_exchange(request);
        if exchange.is_some_and(|exchange| exchange.has_spent(&spent)) {
            return Ok(());
        }
        let mut used = NonceUse::new(nonce.id, credentials.count(), nonce.expires_at_ms, now_ms);
        if algorithm.is_session() {
            used = used.with_cnonce(credentials.cnonce());
        }
        match self.counts.record(used).await.map_err(StoreDown::cause)? {
            CountAnswer::Fresh => {
                if let Some(exchange) = exchange {
                    exchange.spends(spent);
                }
                Ok(())
            }
            CountAnswer::Used => Err(Cause::StaleNonce),
        }
    }

    /// Shortly before the nonce ends, so that the client needs no `stale=true` (§3.5).
    fn next_nonce(
        &self,
        nonce: &ReadNonce,
        offer: &Offer<'_>,
        algorithm: DigestAlgorithm,
        request: &RequestView<'_>,
    ) -> Option<String> {
        let now_ms = request.clock().unix_millis();
        let left = Duration::from_millis(nonce.expires_at_ms.saturating_sub(now_ms));
        if left > self.lifetime / 8 {
            return None;
        }
        // Without one the client is told `stale=true` when it is time.
        self.nonces.issue(offer.realm, algorithm, now_ms).ok()
    }
}

/// What the policy offers.
struct Offer<'r> {
    realm: &'r str,
    terms: &'r DigestTerms<'static>,
}

impl<'r> Offer<'r> {
    fn of(request: &RequestView<'r>) -> Result<Self, Cause> {
        let declaration = request.declaration();
        let offer = declaration.and_then(|declaration| {
            Some(Self {
                realm: declaration.realm(),
                terms: Declaration::digest_terms(declaration)?,
            })
        });
        offer.ok_or_else(|| {
            Cause::NotConfigured("Digest credentials are checked under a policy only".into())
        })
    }

    /// Whether the credentials answer a challenge of this policy (D-4, D-8, D-12, D-13). Nothing is computed for those that
    /// do not.
    fn accepts(
        &self,
        credentials: &DigestCredentials<'_>,
        request: &RequestView<'_>,
    ) -> Result<DigestAlgorithm, Cause> {
        let fault = |fault| Err(Cause::InvalidRequest(InvalidRequest::Digest(fault)));
        let algorithm = credentials
            .algorithm()
            .filter(|algorithm| self.terms.algorithms().contains(algorithm))
            .ok_or(Cause::AlgorithmNotOffered)?;
        if !self.terms.offers(credentials.qop()) {
            return fault(DigestFault::QopNotOffered);
        }
        if matches!(credentials.user(), DigestUser::Hashed(_)) && !self.terms.userhash() {
            return fault(DigestFault::UserhashNotOffered);
        }
        if let (Some(sent), Some(back)) = (self.terms.opaque(), credentials.opaque())
            && sent != back
        {
            return fault(DigestFault::Malformed("opaque"));
        }
        if algorithm.is_session() && may_end_a_response(credentials.cnonce(), algorithm) {
            return fault(DigestFault::Malformed("cnonce"));
        }
        if credentials.uri() != request.target() {
            let how = TargetDifference::between(credentials.uri(), request.target());
            return fault(DigestFault::UriMismatch(how));
        }
        if credentials.realm() != self.realm {
            return Err(Cause::OtherRealm);
        }
        Ok(algorithm)
    }
}

/// The exchange of this very request, and not of one that a handler answers with the help of this one.
fn own_exchange<'r>(request: &RequestView<'r>) -> Option<&'r Exchange> {
    let exchange = request.exchange();
    exchange.filter(|exchange| exchange.is_answer_to(request))
}

/// Whether this can be the end of what a client hashes for a response.
///
/// The key of a session is H(H(A1):nonce:cnonce) (RFC 7616 §3.4.2), and a response of the plain algorithm is
/// H(H(A1):nonce:H(A2)), or H(H(A1):nonce:nc:cnonce:qop:H(A2)): the same hash of the same key. Whoever has a client answer
/// one of our nonces under the plain algorithm, which they can tell it to, would hold a key with which any request can be
/// signed, and would only have to name the rest as the cnonce.
fn may_end_a_response(cnonce: &str, algorithm: DigestAlgorithm) -> bool {
    let is_hash = cnonce.len() == 2 * algorithm.digest_len()
        && cnonce.bytes().all(|octet| octet.is_ascii_hexdigit());
    is_hash || cnonce.contains(':')
}

impl<U> Clone for DigestVerifier<U> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<U> fmt::Debug for DigestVerifier<U> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DigestVerifier")
            .field("nonce_lifetime", &self.0.lifetime)
            .field("max_content_len", &self.0.max_content_len)
            .field("max_content_in_flight", &self.0.in_flight.octets())
            .finish_non_exhaustive()
    }
}
