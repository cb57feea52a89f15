//! JSON Web Tokens as bearer tokens: [`JwtVerifier`], its keys and its settings.
//!
//! Keys come from the issuer, found by one URL and followed when they change (`JwtVerifier::discover`,
//! `RemoteKeys`; feature `jwks`), or they are given at the start ([`JwtVerifier::new`]).
//!
//! A token is admitted only if all of this holds, checked in this order; the first failure decides, so that an expired
//! token is called expired only if nothing else is wrong with it:
//!
//! 1. It is well formed, strictly (RFC 7515 §3.1, §4 and §5.2): three segments of unpadded base64url, a header without
//!    doubled names, without `crit` (nothing critical is understood here).
//! 2. Its `alg` is on the list of algorithms and is the one algorithm of a key that was given, or that the issuer
//!    publishes; `kid` chooses among these, and no key is ever taken from the token. Where the issuer's keys are fetched
//!    (feature `jwks`) and this one is not there, or no signature holds and none of the keys has the very `kid`, they are
//!    fetched again first, if the token says the right `iss` and `typ`: the one moment at which these are
//!    read before the signature holds.
//! 3. The signature holds. No claim counts so far.
//! 4. `typ` fits the [`Profile`].
//! 5. The payload is a JSON object without doubled names. `iss` is the issuer, `aud` contains the audience, octet by
//!    octet; all registered claims, and that with the roles, have their exact types; those that the profile requires
//!    are there; there is no `cnf`, which would bind the token to a proof that a plain bearer does not give.
//! 6. `nbf`, if there is one, has come.
//! 7. The payload can be read as the application's own `Claims`.
//! 8. `exp` has not come.
//!
//! Sources: RFC 7515, RFC 7517, RFC 7518, RFC 7519, RFC 7643, RFC 8037, RFC 8725, RFC 9068, RFC 9470.

mod algorithm;
mod check;
mod claims;
mod compact;
mod error;
mod issuers;
pub(super) mod json;
mod jwk;
mod key;
mod keys;
mod profile;
mod public_key;
#[cfg(feature = "jwks")]
mod remote;
mod secret;
mod signature;
pub(super) mod typed;
#[cfg(test)]
mod vectors;

pub use algorithm::Algorithm;
pub use error::JwtError;
pub use issuers::JwtIssuers;
pub use key::Key;
pub use profile::Profile;
#[cfg(feature = "jwks")]
pub use remote::{AnswerError, KeysError, KeysHealth, RemoteKeys, RemoteKeysBuilder};

use core::fmt;
use core::time::Duration;
use std::sync::Arc;

use serde::de::DeserializeOwned;

use self::check::Admitted;
use self::keys::{KeySet, Keys};
use super::token_cache::{CacheLimits, CacheStats, Secret, TokenCache};
use super::{Revocation, Verified, Verifier};
use crate::clock::Clock;
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{Bearer, BearerToken};

const MAX_KEYS: usize = 32;
const MAX_LEEWAY: Duration = Duration::from_mins(5);

/// Who issues the tokens: the value of `iss`, compared octet by octet (RFC 9068 §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(Arc<str>);

/// For whom tokens are issued: the identifier of this service that they carry in `aud`, compared octet
/// by octet (RFC 9068 §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience(String);

impl Issuer {
    /// An issuer, exactly as its tokens write it: slash at the end, letter case and all.
    pub fn new(iss: impl Into<Arc<str>>) -> Self {
        Self(iss.into())
    }

    /// The value of `iss`.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl Audience {
    /// An audience, exactly as tokens write it.
    pub fn new(aud: impl Into<String>) -> Self {
        Self(aud.into())
    }

    /// The value that `aud` must contain.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Checks bearer tokens that are JWTs, with keys that their issuer publishes or that are given at the start.
///
/// `Claims` is a type of yours: the payload of an admitted token is read into it. The registered claims
/// have been checked by then, whether `Claims` names them or not. They tell the
/// [`Grants`](crate::Grants) too: scopes come from `scope` (or `scp`), roles from `roles`
/// ([or elsewhere](Self::with_roles_claim)), the rest from `exp`, `acr` and `auth_time`.
///
/// ```
/// use auth_core::Revocation;
/// use auth_core::jwt::{Algorithm, Audience, Issuer, JwtError, JwtVerifier, Key};
///
/// #[derive(Clone, serde::Deserialize)]
/// struct Claims {
///     sub: String,
///     tenant: Option<String>,
/// }
///
/// # let pem = "-----BEGIN PUBLIC KEY-----
/// # MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEf83OJ3D2xF1Bg8vub9tLe1gHMzV7
/// # 6e8Tus9uPHvRVEXH8UTNG72bfocs3+257rn0s2ldbqkLJK2KRiMohYjlrQ==
/// # -----END PUBLIC KEY-----";
/// let verifier = JwtVerifier::<Claims>::new(
///     Issuer::new("https://login.example.com/"),
///     Audience::new("https://orders.example.com"),
///     [Algorithm::ES256],
///     [Key::from_pem(Algorithm::ES256, pem)?],
///     Revocation::None,
/// )?;
/// # let _ = verifier;
/// # Ok::<(), JwtError>(())
/// ```
///
/// Without an issuer and an audience there is no verifier, nor without saying how tokens are taken back:
///
/// ```compile_fail,E0061
/// # use auth_core::Revocation;
/// # use auth_core::jwt::{Algorithm, JwtVerifier, Key};
/// let key = Key::hs256([7; 32]).unwrap();
/// let verifier = JwtVerifier::<()>::new([Algorithm::HS256], [key], Revocation::None);
/// ```
///
/// ```compile_fail,E0061
/// # use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, Key};
/// let key = Key::hs256([7; 32]).unwrap();
/// let (issuer, audience) = (Issuer::new("https://login.example.com"), Audience::new("orders"));
/// let verifier = JwtVerifier::<()>::new(issuer, audience, [Algorithm::HS256], [key]);
/// ```
///
/// A refused token is [`Cause::TokenExpired`] with its `exp` if nothing else was wrong with it, and
/// [`Cause::InvalidToken`] otherwise. The detail, for the log, is a fixed text that repeats nothing of
/// the token: it begins with `malformed`, or is `wrong signature`, `algorithm not allowed`,
/// `unknown key`, `wrong issuer`, `wrong audience`, `not yet valid` and the like.
pub struct JwtVerifier<Claims> {
    issuer: Issuer,
    audience: Audience,
    keys: Keys,
    profile: Profile,
    roles: Vec<Box<str>>,
    leeway: Duration,
    clock: Option<Clock>,
    revocation: Revocation,
    secret: Secret,
    cache: Option<TokenCache<Arc<Admitted<Claims>>>>,
}

impl<Claims> JwtVerifier<Claims> {
    /// The most keys.
    pub const MAX_KEYS: usize = MAX_KEYS;

    /// The longest leeway.
    pub const MAX_LEEWAY: Duration = MAX_LEEWAY;

    /// A verifier for access tokens ([`Profile::AccessToken`]) of one issuer, for one audience, without
    /// leeway and with the clock of the application's [`Settings`](crate::Settings).
    ///
    /// # Errors
    /// If the issuer, the audience, the algorithms or the keys are empty, if keys and algorithms do
    /// not agree, with more than [`JwtVerifier::MAX_KEYS`] keys, or with a key id that is too long.
    pub fn new(
        issuer: Issuer,
        audience: Audience,
        algorithms: impl IntoIterator<Item = Algorithm>,
        keys: impl IntoIterator<Item = Key>,
        revocation: Revocation,
    ) -> Result<Self, JwtError> {
        if issuer.0.trim().is_empty() {
            return Err(JwtError::EmptyIssuer);
        }
        let keys = || {
            let (algorithms, keys) = (algorithms.into_iter(), keys.into_iter());
            KeySet::given(algorithms.collect(), keys.collect()).map(Keys::Given)
        };
        Self::with_keys(issuer, audience, keys, revocation)
    }

    /// A verifier for access tokens of an issuer that publishes its keys, and in its metadata where they are: with all
    /// settings as they are unless set ([`RemoteKeys`]). It waits for the keys.
    ///
    /// ```no_run
    /// use auth_core::Revocation;
    /// use auth_core::jwt::{Audience, Issuer, JwtError, JwtVerifier};
    ///
    /// # #[derive(Clone, serde::Deserialize)] struct Claims { sub: String }
    /// # async fn run() -> Result<(), JwtError> {
    /// let tokens = JwtVerifier::<Claims>::discover(
    ///     Issuer::new("https://login.example.com/"),
    ///     Audience::new("https://orders.example.com"),
    ///     Revocation::None, // tokens are good until they expire
    /// )
    /// .await?;
    /// # let _ = tokens;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// If issuer or audience are empty, or the keys cannot be had ([`JwtError::RemoteKeys`]).
    #[cfg(feature = "jwks")]
    pub async fn discover(
        issuer: Issuer,
        audience: Audience,
        revocation: Revocation,
    ) -> Result<Self, JwtError> {
        let keys = RemoteKeys::discover(issuer).start().await?;
        Self::with_remote_keys(keys, audience, revocation)
    }

    /// A verifier for access tokens of the issuer whose keys these are.
    ///
    /// # Errors
    /// If the audience is empty.
    #[cfg(feature = "jwks")]
    pub fn with_remote_keys(
        keys: RemoteKeys,
        audience: Audience,
        revocation: Revocation,
    ) -> Result<Self, JwtError> {
        let issuer = keys.issuer().clone();
        Self::with_keys(issuer, audience, || Ok(Keys::Remote(keys)), revocation)
    }

    fn with_keys(
        issuer: Issuer,
        audience: Audience,
        keys: impl FnOnce() -> Result<Keys, JwtError>,
        revocation: Revocation,
    ) -> Result<Self, JwtError> {
        if audience.0.trim().is_empty() {
            return Err(JwtError::EmptyAudience);
        }
        Ok(Self {
            issuer,
            audience,
            keys: keys()?,
            profile: Profile::default(),
            roles: vec!["roles".into()],
            leeway: Duration::ZERO,
            clock: None,
            revocation,
            secret: Secret::of_this_process().ok_or(JwtError::NoRandomness)?,
            cache: Some(TokenCache::new(CacheLimits::default())),
        })
    }

    /// Takes another kind of JWT for access tokens.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self.unlearned()
    }

    /// Reads the roles from another claim than `roles`: its name, after the names of the objects in which
    /// it stands.
    ///
    /// ```
    /// # use auth_core::jwt::{Algorithm, Audience, Issuer, JwtError, JwtVerifier, Key};
    /// # let (issuer, audience) = (Issuer::new("https://login.example.com"), Audience::new("orders"));
    /// # let (keys, revocation) = ([Key::hs256([7; 32])?], auth_core::Revocation::None);
    /// # let verifier = JwtVerifier::<()>::new(issuer, audience, [Algorithm::HS256], keys, revocation)?;
    /// // Keycloak: {"realm_access": {"roles": ["clerk"]}}
    /// let verifier = verifier.with_roles_claim(["realm_access", "roles"]);
    /// # let _ = verifier;
    /// # Ok::<(), JwtError>(())
    /// ```
    ///
    /// It is an array of strings, or of objects whose `value` is one, as SCIM writes it (RFC 9068
    /// §2.2.3.1, RFC 7643 §4.1.2). A token in which it is anything else is refused; one without it has no
    /// roles.
    ///
    /// # Security
    /// Whoever may choose what stands in this claim chooses the roles: name one that the issuer fills in.
    #[must_use]
    pub fn with_roles_claim<S: Into<Box<str>>>(
        mut self,
        path: impl IntoIterator<Item = S>,
    ) -> Self {
        self.roles = path.into_iter().map(Into::into).collect();
        self.unlearned()
    }

    /// Reads no roles: for an issuer whose claim `roles` is something else, which would refuse its tokens.
    #[must_use]
    pub fn without_roles(mut self) -> Self {
        self.roles.clear();
        self.unlearned()
    }

    /// Allows for clocks that differ: a token is taken this much before its `nbf` and after its `exp`.
    /// Whole seconds count.
    ///
    /// # Errors
    /// [`JwtError::LeewayTooLong`] above [`JwtVerifier::MAX_LEEWAY`]: "no more than a few minutes"
    /// (RFC 7519 §4.1.4).
    pub fn with_leeway(mut self, leeway: Duration) -> Result<Self, JwtError> {
        if leeway > MAX_LEEWAY {
            return Err(JwtError::LeewayTooLong);
        }
        self.leeway = leeway;
        Ok(self.unlearned())
    }

    /// How much it remembers of tokens that it has admitted: a token seen before costs a look into memory, without
    /// allocations, until it expires, is revoked, or its key disappears. Refusals are not remembered.
    #[must_use]
    pub fn with_cache(mut self, limits: CacheLimits) -> Self {
        self.cache = Some(TokenCache::new(limits));
        self
    }

    /// Remembers no token: each is examined each time.
    #[must_use]
    pub fn without_cache(mut self) -> Self {
        self.cache = None;
        self
    }

    /// What the cache has done so far; `None` without one.
    pub fn cache_stats(&self) -> Option<CacheStats> {
        self.cache.as_ref().map(TokenCache::stats)
    }

    /// What it has admitted under other settings, if it was used already, is forgotten (V21).
    fn unlearned(self) -> Self {
        if let Some(cache) = &self.cache {
            cache.clear();
        }
        self
    }

    /// How the keys are doing, if they are fetched from the issuer.
    #[cfg(feature = "jwks")]
    pub fn keys_health(&self) -> Option<KeysHealth> {
        match &self.keys {
            Keys::Given(_) => None,
            Keys::Remote(keys) => Some(keys.health()),
        }
    }

    /// Whose tokens it takes.
    #[must_use]
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// Asks another clock than that of the application's [`Settings`](crate::Settings).
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }
}

impl<Claims> Verifier for JwtVerifier<Claims>
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
        self.check(token.expose(), self.now(request)).await
    }
}

/// Prints the settings and which keys there are, never a key.
impl<Claims> fmt::Debug for JwtVerifier<Claims> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtVerifier")
            .field("issuer", &self.issuer.as_str())
            .field("audience", &self.audience.as_str())
            .field("keys", &self.keys)
            .field("profile", &self.profile)
            .field("roles", &self.roles)
            .field("leeway", &self.leeway)
            .field("revocation", &self.revocation)
            .finish_non_exhaustive()
    }
}
