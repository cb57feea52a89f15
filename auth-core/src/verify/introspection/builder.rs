//! The settings of an [`Introspection`].

use core::fmt;
use core::marker::PhantomData;
use core::time::Duration;
use std::sync::Arc;

use super::answer::Demands;
use super::calls::Calls;
use super::endpoint::Endpoint;
use super::limits::BreakerLimits;
use super::{ClientAuth, Inner, Introspection, IntrospectionError};
use crate::clock::Clock;
use crate::jwt::{Audience, Issuer};
use crate::outbound::{Address, HttpClient, Outbound, PlainHttp};
use crate::verify::Revocation;
use crate::verify::token_cache::{CacheLimits, Secret, TokenCache};

pub(super) const MAX_LEEWAY: Duration = Duration::from_mins(5);
pub(super) const MAX_ACTIVE_TIME: Duration = Duration::from_mins(15);
pub(super) const MAX_INACTIVE_TIME: Duration = Duration::from_mins(1);

/// In octets. Answers with hundreds of roles are a tenth of it.
const MAX_ANSWER_LEN: usize = 256 * 1024;

/// What an answer must hold for its token to be admitted. Everything that is checked is checked whatever the profile, if
/// it is there.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Profile {
    /// `aud` and `token_type` are there: the answer itself says that this is an access token, and that it is for this
    /// service. Endpoints call refresh tokens active as well (RFC 7662 §2.1), and tokens that are for others.
    #[default]
    AccessToken,
    /// `iss` and `exp` are there too.
    Complete,
    /// Every member but `active` may be absent, as RFC 7662 §2.2 allows: for endpoints that leave `aud` or `token_type`
    /// out, **and that are known to call nothing active to us but access tokens for this service**.
    ///
    /// That is all there is then to keep out refresh tokens, and tokens that another service was given. An endpoint
    /// that does call those active admits them here: ask it about a refresh token, and about a token for another
    /// service, before you choose this.
    AsVouched,
}

/// Makes an [`Introspection`]; begun by [`Introspection::builder`].
///
/// ```no_run
/// use auth_core::introspection::{BreakerLimits, ClientAuth, Introspection, Profile, SigningKey};
/// use auth_core::jwt::{Algorithm, Audience, Issuer};
/// use auth_core::{CacheLimits, Revocation};
/// use std::time::Duration;
///
/// # #[derive(Clone, serde::Deserialize)] struct Claims {}
/// # fn tokens() -> Result<(), Box<dyn std::error::Error>> {
/// let key = SigningKey::from_pem(Algorithm::ES256, std::fs::read("client.pem")?)?.with_kid("2026-11");
/// let tokens = Introspection::<Claims>::builder(
///     "https://login.example.com/oauth2/introspect",
///     ClientAuth::private_key_jwt("orders", "https://login.example.com", key),
///     Audience::new("https://orders.example.com"),
///     Revocation::None,
/// )
/// .with_issuer(Issuer::new("https://login.example.com"))
/// .with_profile(Profile::Complete)
/// .with_leeway(Duration::from_secs(5))
/// .with_deadline(Duration::from_secs(1))
/// .with_active_time(Duration::from_secs(10))
/// .with_cache(CacheLimits::default().with_entries(100_000))
/// .with_breaker(BreakerLimits::default().with_failures(10))
/// .build()?;
/// # let _ = tokens;
/// # Ok(()) }
/// ```
pub struct IntrospectionBuilder<Claims> {
    endpoint: String,
    auth: ClientAuth,
    audience: Audience,
    revocation: Revocation,
    plain_http: PlainHttp,
    issuer: Option<Issuer>,
    profile: Profile,
    roles: Vec<Box<str>>,
    leeway: Duration,
    hint: Option<Box<str>>,
    clock: Option<Clock>,
    client: Option<Arc<dyn HttpClient>>,
    deadline: Duration,
    most_calls: usize,
    breaker: BreakerLimits,
    cache: Option<CacheLimits>,
    active_time: Duration,
    inactive_time: Duration,
    max_token_len: usize,
    also_jwts: bool,
    claims: PhantomData<fn() -> Claims>,
}

impl<Claims> IntrospectionBuilder<Claims> {
    /// The longest leeway.
    pub const MAX_LEEWAY: Duration = MAX_LEEWAY;
    /// The longest time that a token may be remembered as active.
    pub const MAX_ACTIVE_TIME: Duration = MAX_ACTIVE_TIME;
    /// The longest time that a token may be remembered as refused.
    pub const MAX_INACTIVE_TIME: Duration = MAX_INACTIVE_TIME;

    pub(super) fn new(
        endpoint: String,
        auth: ClientAuth,
        audience: Audience,
        revocation: Revocation,
    ) -> Self {
        Self {
            endpoint,
            auth,
            audience,
            revocation,
            plain_http: PlainHttp::default(),
            issuer: None,
            profile: Profile::default(),
            roles: vec!["roles".into()],
            leeway: Duration::ZERO,
            hint: None,
            clock: None,
            client: None,
            deadline: Duration::from_secs(2),
            most_calls: 100,
            breaker: BreakerLimits::default(),
            cache: Some(CacheLimits::default()),
            active_time: Duration::from_secs(30),
            inactive_time: Duration::from_secs(5),
            max_token_len: 8 * 1024,
            also_jwts: false,
            claims: PhantomData,
        }
    }

    /// Whether the endpoint may be asked over plain `http`, on this machine: not unless set.
    #[must_use]
    pub fn with_plain_http(mut self, plain: PlainHttp) -> Self {
        self.plain_http = plain;
        self
    }

    /// Who issues the tokens. An answer that names another `iss` refuses its token; one without `iss` does so under
    /// [`Profile::Complete`] only. Unless set, any `iss` is taken: the endpoint vouches for it.
    ///
    /// It is also the issuer that [`Revocation`] is told; without it that is the `iss` of the answer. A token of which
    /// neither says who issued it could not be taken back by its issuer's name: it is refused, unless the choice was
    /// [`Revocation::None`]; then [`Grants::token`](crate::Grants::token) tells nothing of it.
    #[must_use]
    pub fn with_issuer(mut self, issuer: Issuer) -> Self {
        self.issuer = Some(issuer);
        self
    }

    /// What an answer must hold: [`Profile::AccessToken`] unless set.
    #[must_use]
    pub fn with_profile(mut self, profile: Profile) -> Self {
        self.profile = profile;
        self
    }

    /// Reads the roles from another member than `roles`: its name, after the names of the objects in which it stands. As
    /// [`JwtVerifier::with_roles_claim`](crate::JwtVerifier::with_roles_claim).
    #[must_use]
    pub fn with_roles_claim<S: Into<Box<str>>>(
        mut self,
        path: impl IntoIterator<Item = S>,
    ) -> Self {
        self.roles = path.into_iter().map(Into::into).collect();
        self
    }

    /// Reads no roles: for a provider whose member `roles` is something else, which would refuse its tokens.
    #[must_use]
    pub fn without_roles(mut self) -> Self {
        self.roles.clear();
        self
    }

    /// Allows for clocks that differ: a token is taken this much before its `nbf` and after its `exp`. Whole seconds count;
    /// none unless set, at most [`Self::MAX_LEEWAY`].
    #[must_use]
    pub fn with_leeway(mut self, leeway: Duration) -> Self {
        self.leeway = leeway;
        self
    }

    /// Tells the endpoint what the token probably is (RFC 7662 §2.1 `token_type_hint`), such as `access_token`: nothing
    /// unless set. Some providers find it faster so.
    #[must_use]
    pub fn with_token_type_hint(mut self, hint: impl Into<Box<str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Asks another clock than that of the application's [`Settings`](crate::Settings).
    #[must_use]
    pub fn with_clock(mut self, clock: Clock) -> Self {
        self.clock = Some(clock);
        self
    }

    /// Sends by another HTTP client than the one that comes along.
    #[must_use]
    pub fn with_client(mut self, client: impl HttpClient) -> Self {
        self.client = Some(Arc::new(client));
        self
    }

    /// How long a call may take, from connecting to the last octet: 2 seconds unless set. Then its requests are refused
    /// with 503.
    #[must_use]
    pub fn with_deadline(mut self, deadline: Duration) -> Self {
        self.deadline = deadline;
        self
    }

    /// How many calls may be under way at once: 100 unless set, at least 1. A request that would need one more is refused
    /// with 503 at once.
    #[must_use]
    pub fn with_most_calls(mut self, calls: usize) -> Self {
        self.most_calls = calls.max(1);
        self
    }

    /// When calls to an endpoint that fails are held back.
    #[must_use]
    pub fn with_breaker(mut self, limits: BreakerLimits) -> Self {
        self.breaker = limits;
        self
    }

    /// How much is remembered of tokens.
    #[must_use]
    pub fn with_cache(mut self, limits: CacheLimits) -> Self {
        self.cache = Some(limits);
        self
    }

    /// Remembers no token: each request asks. Requests that come with one token at the same time still share a call.
    #[must_use]
    pub fn without_cache(mut self) -> Self {
        self.cache = None;
        self
    }

    /// How long a token is remembered as active: 30 seconds unless set, at most [`Self::MAX_ACTIVE_TIME`], and never beyond
    /// its `exp` (RFC 7662 §4).
    ///
    /// So long a token that was taken back *at the provider* still works here: RFC 7662 §4 leaves the choice between
    /// that and load to the service. Half a minute turns the requests of one page view into one call.
    #[must_use]
    pub fn with_active_time(mut self, time: Duration) -> Self {
        self.active_time = time;
        self
    }

    /// How long a token is remembered as refused: 5 seconds unless set, at most [`Self::MAX_INACTIVE_TIME`]. It spares the
    /// provider those who try again and again, and is short because a token may become active, say when its `nbf` comes.
    #[must_use]
    pub fn with_inactive_time(mut self, time: Duration) -> Self {
        self.inactive_time = time;
        self
    }

    /// The longest token that is asked about, in octets: 8 KiB unless set. Longer ones are refused.
    #[must_use]
    pub fn with_max_token_len(mut self, octets: usize) -> Self {
        self.max_token_len = octets;
        self
    }

    /// Asks about JWTs too. Unless set they are refused without asking: for a service that has no [`JwtVerifier`] for them.
    ///
    /// Beside a [`JwtVerifier`] it is a second verdict on what that one has refused: a JWT of an algorithm, a key or an
    /// issuer that you do not take there is admitted here if the endpoint calls it active. Without it a JWT that its own
    /// verifier has refused, expired or forged, costs no call, and what it says reaches nobody; and while the endpoint is
    /// down, such a token is still answered 401 and not 503. A token counts as a JWT if it is three or five segments
    /// between dots, of which the first is base64url of a text that begins with `{` (RFC 7515 §7.1, RFC 7516 §7.1).
    ///
    /// [`JwtVerifier`]: crate::JwtVerifier
    #[must_use]
    pub fn also_jwts(mut self) -> Self {
        self.also_jwts = true;
        self
    }

    /// The verifier.
    ///
    /// # Errors
    /// If the address is none to be asked, the audience, the issuer or the client's credentials are empty, a time is out of
    /// its bounds, or the system gives no random octets or no TLS.
    pub fn build(self) -> Result<Introspection<Claims>, IntrospectionError> {
        let address =
            Address::new(&self.endpoint, self.plain_http).map_err(IntrospectionError::Endpoint)?;
        self.auth.check()?;
        if self.audience.as_str().trim().is_empty() {
            return Err(IntrospectionError::EmptyAudience);
        }
        if self
            .issuer
            .as_ref()
            .is_some_and(|it| it.as_str().trim().is_empty())
        {
            return Err(IntrospectionError::EmptyIssuer);
        }
        if self.leeway > MAX_LEEWAY {
            return Err(IntrospectionError::LeewayTooLong);
        }
        if self.active_time > MAX_ACTIVE_TIME || self.inactive_time > MAX_INACTIVE_TIME {
            return Err(IntrospectionError::RememberedTooLong);
        }
        if self.deadline.is_zero() {
            return Err(IntrospectionError::NoDeadline);
        }
        let outbound = match self.client {
            Some(client) => Outbound {
                client,
                deadline: self.deadline,
                max_body: MAX_ANSWER_LEN,
            },
            None => {
                Outbound::new(self.deadline, MAX_ANSWER_LEN).map_err(IntrospectionError::Client)?
            }
        };
        Ok(Introspection(Arc::new(Inner {
            demands: Demands {
                profile: self.profile,
                issuer: self.issuer.map(|issuer| Arc::from(issuer.as_str())),
                audience: self.audience.as_str().into(),
                roles: self.roles,
                leeway: self.leeway.as_secs(),
                revocable: !matches!(self.revocation, Revocation::None),
            },
            calls: Arc::new(Calls::new(address.clone(), self.most_calls, self.breaker)),
            endpoint: Endpoint {
                address,
                outbound,
                auth: self.auth,
                hint: self.hint,
            },
            revocation: self.revocation,
            clock: self.clock,
            secret: Secret::of_this_process().ok_or(IntrospectionError::NoRandomness)?,
            cache: self.cache.map(TokenCache::new),
            active_time: self.active_time,
            inactive_time: self.inactive_time,
            max_token_len: self.max_token_len,
            also_jwts: self.also_jwts,
        })))
    }
}

/// Prints no secret.
impl<Claims> fmt::Debug for IntrospectionBuilder<Claims> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IntrospectionBuilder")
            .field("auth", &self.auth)
            .field("audience", &self.audience.as_str())
            .field("revocation", &self.revocation)
            .field("profile", &self.profile)
            .finish_non_exhaustive()
    }
}
