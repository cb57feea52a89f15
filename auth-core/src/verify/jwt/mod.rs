//! JSON Web Tokens as bearer tokens: [`JwtVerifier`], its keys and its settings.
//!
//! A token is admitted only if all of this holds, checked in this order; the first failure decides,
//! so that an expired token is called expired only if nothing else is wrong with it:
//!
//! 1. It is well formed, strictly (RFC 7515 §3.1, §4 and §5.2): three segments of unpadded base64url,
//!    a header without doubled names, without `crit` (nothing critical is understood here).
//! 2. Its `alg` is on the list of algorithms and is the one algorithm of a configured key; `kid`
//!    chooses among configured keys, and no key is ever taken from the token.
//! 3. The signature holds. No claim has been read so far.
//! 4. `typ` fits the [`Profile`].
//! 5. The payload is a JSON object without doubled names. `iss` is the issuer, `aud` contains the
//!    audience, octet by octet; all registered claims, and that with the roles, have their exact types;
//!    those that the profile requires are there; there is no `cnf`, which would bind the token to a proof that a plain bearer
//!    does not give.
//! 6. `nbf`, if there is one, has come.
//! 7. The payload can be read as the application's own `Claims`.
//! 8. `exp` has not come.
//!
//! Sources: RFC 7515, RFC 7517, RFC 7518, RFC 7519, RFC 7643, RFC 8037, RFC 8725, RFC 9068, RFC 9470.

mod algorithm;
mod claims;
mod compact;
mod error;
mod json;
mod jwk;
mod key;
mod profile;
mod public_key;
mod secret;
mod signature;
#[cfg(test)]
mod vectors;

pub use algorithm::Algorithm;
pub use error::JwtError;
pub use key::Key;
pub use profile::Profile;

use core::fmt;
use core::future::{Future, ready};
use core::marker::PhantomData;
use core::time::Duration;
use std::borrow::Cow;

use serde::de::DeserializeOwned;

use self::claims::{Demands, Registered};
use self::compact::Signed;
use super::{Verified, Verifier};
use crate::clock::Clock;
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{Bearer, BearerToken};

const MAX_KEYS: usize = 32;
const MAX_LEEWAY: Duration = Duration::from_mins(5);

/// Who issues the tokens: the value of `iss`, compared octet by octet (RFC 9068 §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issuer(String);

/// For whom tokens are issued: the identifier of this service that they carry in `aud`, compared octet
/// by octet (RFC 9068 §4).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Audience(String);

impl Issuer {
    /// An issuer, exactly as its tokens write it: slash at the end, letter case and all.
    pub fn new(iss: impl Into<String>) -> Self {
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

/// Checks bearer tokens that are JWTs, with keys that are given at the start.
///
/// `Claims` is a type of yours: the payload of an admitted token is read into it. The registered claims
/// have been checked by then, whether `Claims` names them or not. They tell the
/// [`Grants`](crate::Grants) too: scopes come from `scope` (or `scp`), roles from `roles`
/// ([or elsewhere](Self::with_roles_claim)), the rest from `exp`, `acr` and `auth_time`.
///
/// ```
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
/// )?;
/// # let _ = verifier;
/// # Ok::<(), JwtError>(())
/// ```
///
/// Without an issuer and an audience there is no verifier:
///
/// ```compile_fail,E0061
/// # use auth_core::jwt::{Algorithm, JwtVerifier, Key};
/// let key = Key::hs256([7; 32]).unwrap();
/// let verifier = JwtVerifier::<()>::new([Algorithm::HS256], [key]);
/// ```
///
/// A refused token is [`Cause::TokenExpired`] with its `exp` if nothing else was wrong with it, and
/// [`Cause::InvalidToken`] otherwise. The detail, for the log, is a fixed text that repeats nothing of
/// the token: it begins with `malformed`, or is `wrong signature`, `algorithm not allowed`,
/// `unknown key`, `wrong issuer`, `wrong audience`, `not yet valid` and the like.
pub struct JwtVerifier<Claims> {
    issuer: Issuer,
    audience: Audience,
    algorithms: Vec<Algorithm>,
    keys: Vec<Key>,
    profile: Profile,
    roles: Vec<Box<str>>,
    leeway: Duration,
    clock: Option<Clock>,
    claims: PhantomData<fn() -> Claims>,
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
    ) -> Result<Self, JwtError> {
        let algorithms: Vec<_> = algorithms.into_iter().collect();
        let keys: Vec<_> = keys.into_iter().collect();
        if issuer.0.trim().is_empty() {
            return Err(JwtError::EmptyIssuer);
        }
        if audience.0.trim().is_empty() {
            return Err(JwtError::EmptyAudience);
        }
        agree(&algorithms, &keys)?;
        Ok(Self {
            issuer,
            audience,
            algorithms,
            keys,
            profile: Profile::default(),
            roles: vec!["roles".into()],
            leeway: Duration::ZERO,
            clock: None,
            claims: PhantomData,
        })
    }

    /// Takes another kind of JWT for access tokens.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Reads the roles from another claim than `roles`: its name, after the names of the objects in which
    /// it stands.
    ///
    /// ```
    /// # use auth_core::jwt::{Algorithm, Audience, Issuer, JwtError, JwtVerifier, Key};
    /// # let (issuer, audience) = (Issuer::new("https://login.example.com"), Audience::new("orders"));
    /// # let verifier = JwtVerifier::<()>::new(issuer, audience, [Algorithm::HS256], [Key::hs256([7; 32])?])?;
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
        self
    }

    /// Reads no roles: for an issuer whose claim `roles` is something else, which would refuse its tokens.
    #[must_use]
    pub fn without_roles(mut self) -> Self {
        self.roles.clear();
        self
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
        Ok(self)
    }

    /// Asks another clock than that of the application's [`Settings`](crate::Settings).
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }
}

fn agree(algorithms: &[Algorithm], keys: &[Key]) -> Result<(), JwtError> {
    if algorithms.is_empty() {
        return Err(JwtError::NoAlgorithms);
    }
    if keys.is_empty() {
        return Err(JwtError::NoKeys);
    }
    if keys.len() > MAX_KEYS {
        return Err(JwtError::TooManyKeys);
    }
    for key in keys {
        if !algorithms.contains(&key.algorithm()) {
            return Err(JwtError::AlgorithmNotListed(key.algorithm()));
        }
        if key.kid().is_some_and(|kid| kid.len() > Key::MAX_KID_LEN) {
            return Err(JwtError::KidTooLong);
        }
    }
    let unused = algorithms
        .iter()
        .find(|algorithm| keys.iter().all(|key| key.algorithm() != **algorithm));
    match unused {
        Some(algorithm) => Err(JwtError::AlgorithmWithoutKey(*algorithm)),
        None => Ok(()),
    }
}

impl<Claims: DeserializeOwned> JwtVerifier<Claims> {
    /// The list at the top of this module.
    fn check(&self, token: &str, request: &RequestView<'_>) -> Result<Verified<Claims>, Cause> {
        let signed = Signed::check(token, &self.algorithms, &self.keys)?;
        if !self.profile.admits_type(signed.typ.as_deref()) {
            return Err(Cause::invalid_token("wrong typ"));
        }
        let payload = core::str::from_utf8(&signed.payload)
            .map_err(|_| Cause::invalid_token("malformed: payload"))?;
        let demands = Demands {
            issuer: self.issuer.as_str(),
            audience: self.audience.as_str(),
            profile: self.profile,
            roles: &self.roles,
            leeway: self.leeway.as_secs(),
            now: self
                .clock
                .as_ref()
                .map_or_else(|| request.unix_seconds(), Clock::unix_seconds),
        };
        let registered = Registered::read(payload, &demands)?;
        let claims = serde_json::from_str(payload).map_err(|_| unfit::<Claims>())?;
        let grants = registered.not_expired(&demands)?;
        Ok(Verified::new(claims).with_grants(grants).time_checked())
    }
}

/// Serde's own words may quote the token; the name of the type cannot.
fn unfit<Claims>() -> Cause {
    let wanted = core::any::type_name::<Claims>();
    Cause::invalid_token(Cow::Owned(format!("claims cannot be read as {wanted}")))
}

impl<Claims> Verifier for JwtVerifier<Claims>
where
    Claims: DeserializeOwned + Clone + Send + Sync + 'static,
{
    type Scheme = Bearer;
    type Identity = Claims;

    fn verify<'r>(
        &'r self,
        token: BearerToken<'r>,
        request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<Claims>, Cause>> + Send + 'r {
        ready(self.check(token.expose(), request))
    }
}

/// Prints the settings and which keys there are, never a key.
impl<Claims> fmt::Debug for JwtVerifier<Claims> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JwtVerifier")
            .field("issuer", &self.issuer.as_str())
            .field("audience", &self.audience.as_str())
            .field("algorithms", &self.algorithms)
            .field("keys", &self.keys)
            .field("profile", &self.profile)
            .field("roles", &self.roles)
            .field("leeway", &self.leeway)
            .finish_non_exhaustive()
    }
}
