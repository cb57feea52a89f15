//! Why a request was turned away, and the answer: status, challenges and body from one table.
//!
//! | cause | status | challenge | body `error` |
//! | --- | --- | --- | --- |
//! | [`Cause::Missing`], [`Cause::SchemeNotAccepted`] | 401 | plain | `authentication_required` |
//! | [`Cause::Malformed`] | 401 | plain | `invalid_credentials` |
//! | [`Cause::InvalidRequest`] | 400 | `error="invalid_request"` for Bearer, else plain | `invalid_request` |
//! | [`Cause::InvalidCredentials`] | 401 | Bearer: as `InvalidToken`; else plain | `invalid_credentials` (Bearer: `invalid_token`) |
//! | [`Cause::TokenExpired`], [`Cause::TokenRevoked`], [`Cause::InvalidToken`] | 401 | `error="invalid_token"` with a fixed description on the scheme that was used, the others plain | `token_expired`, `token_revoked`, `invalid_token` |
//! | [`Cause::InsufficientAuthentication`] | 401 | Bearer: `error="insufficient_user_authentication"` with what is needed, the others plain | `insufficient_user_authentication` |
//! | [`Cause::InsufficientScope`] | 403 | Bearer: `error="insufficient_scope"`, else none | `insufficient_scope` |
//! | [`Cause::AlgorithmNotOffered`], [`Cause::OtherRealm`], [`Cause::UnknownNonce`] | 401 | plain | `authentication_required` |
//! | [`Cause::StaleNonce`] | 401 | plain, with `stale=true` on the scheme that was used | `authentication_required` |
//! | [`Cause::ContentTooLarge`] | 413 | none | `content_too_large` |
//! | [`Cause::Forbidden`] | 403 | none | `forbidden` |
//! | [`Cause::InsecureTransport`] | 403 | none | `secure_transport_required` |
//! | [`Cause::TooManyRequests`] | 429 + Retry-After | none | `too_many_requests` |
//! | [`Cause::Unavailable`] | 503 + Retry-After | none | `temporarily_unavailable` |
//! | [`Cause::NotConfigured`] | 500 | none | `server_error` |
//!
//! An answer carries the challenges of what would meet the policy. Where nothing was presented, these are all.
//! Where several credentials are needed at once, what was presented and held is not asked for again.
//!
//! A challenge of Digest has a nonce that no other one has, and there is one for each algorithm that is offered.
//!
//! With a [protected resource](crate::Settings::with_protected_resource) every challenge of Bearer in this table, whatever
//! the status, also has `resource_metadata` (RFC 9728 §5.1), behind `realm`, `scope` and `error`.

mod body;
mod date;
mod open;
mod target;

use core::fmt;
use core::time::Duration;
use std::borrow::Cow;

use auth_syntax::ChallengeKind as Kind;
use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_LENGTH, CONTENT_TYPE, RETRY_AFTER, WWW_AUTHENTICATE};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

pub use body::{Body, BodyFormat};
pub use open::OpenChallenge;
pub use target::TargetDifference;

use crate::decide::Failed;
use crate::policy::{Carrier, Member, Members, Spec};
use crate::resource::ProtectedResource;
use crate::state::Settings;

/// Why a request was turned away. It rides in the extensions of the response, for logging layers.
///
/// What a cause says to the client is fixed (see the [table](self)); a [`Detail`] is for logs only.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Cause {
    /// No credentials: no field, or an empty one.
    Missing,
    /// `Authorization` names a scheme that is not accepted here, or cannot be read as one.
    SchemeNotAccepted,
    /// Basic credentials or an API key that do not follow their grammar.
    Malformed,
    /// The request itself is wrong, whoever sent it.
    InvalidRequest(InvalidRequest),
    /// A wrong password, an unknown user, an unknown or revoked key.
    InvalidCredentials,
    /// A token whose time has passed.
    TokenExpired {
        /// The `exp` claim of a JWT **whose signature held**, in seconds since 1970-01-01T00:00:00Z:
        /// the only thing from a request that an answer repeats.
        at: Option<u64>,
    },
    /// A token that was taken back.
    TokenRevoked,
    /// A token that is otherwise invalid or unreadable. A detail that begins with `malformed` says that it is of
    /// another form than the verifier reads: where several verifiers were asked about one token, any other cause comes
    /// first.
    InvalidToken(Detail),
    /// Digest credentials in an algorithm that is not offered, or that is not named although MD5 is not offered (RFC 7616
    /// §3.4).
    AlgorithmNotOffered,
    /// Digest credentials for another realm than that of the challenge (RFC 7616 §3.4): the client kept those of another
    /// path, or the realm was changed.
    OtherRealm,
    /// Digest credentials for a nonce that was not issued here: it is forged, belongs to another realm or algorithm, or
    /// another secret was in use.
    UnknownNonce,
    /// Digest credentials that are right, for a nonce that has expired or was used with this count before (RFC 7616
    /// §3.3). The client tries again by itself, with the nonce of the answer.
    StaleNonce,
    /// The content of the request, over which a digest is to be computed, is longer than the verifier reads.
    ContentTooLarge,
    /// Good credentials whose user was authenticated too weakly, or too long ago (RFC 9470).
    InsufficientAuthentication,
    /// Good credentials without a scope that the policy demands.
    InsufficientScope,
    /// Good credentials without a role or another permission.
    Forbidden,
    /// The policy demands a secure transport, and the request came over another one. Its credentials were not
    /// looked at, and no challenge invites more.
    InsecureTransport,
    /// Too many attempts.
    TooManyRequests {
        /// When to try again; sent in whole seconds, rounded up.
        retry_after: Duration,
    },
    /// The verifier cannot answer: the identity provider or a store is down, or too much is waiting.
    Unavailable {
        /// When to try again; sent in whole seconds, rounded up.
        retry_after: Duration,
        /// What is down.
        detail: Detail,
    },
    /// The application lacks something that it needs to decide. Answered 500: never a pass.
    NotConfigured(Detail),
}

/// What is wrong with a request that is answered 400.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum InvalidRequest {
    /// The same carrier twice: two field lines, or two credentials joined by a comma.
    CarrierTwice,
    /// The field is longer than [`Settings::max_credentials_len`](crate::Settings::max_credentials_len).
    TooLong,
    /// The value of a Bearer field is not exactly one token (RFC 6750 §2.1).
    NotOneToken,
    /// Digest credentials that answer no challenge (RFC 7616 §3.4).
    Digest(DigestFault),
    /// The content of the request, over which a digest is to be computed, could not be read.
    ContentUnreadable,
}

/// What is wrong with Digest credentials that are answered 400 (RFC 7616 §3.4, §3.4.6).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum DigestFault {
    /// They are not a list of parameters.
    Syntax,
    /// A parameter of this name is needed.
    Missing(&'static str),
    /// A parameter stands there twice.
    Repeated,
    /// The parameter of this name does not follow its grammar.
    Malformed(&'static str),
    /// `username` together with `username*`.
    TwoNames,
    /// A quality of protection that is not offered.
    QopNotOffered,
    /// `userhash=true` where that is not offered.
    UserhashNotOffered,
    /// `userhash=true`, and `username` is no hash.
    NotAUserhash,
    /// `uri` is not the target of the request. How they differ is for the log only.
    UriMismatch(TargetDifference),
}

impl DigestFault {
    /// What the message of the answer says, in two parts.
    const fn message(self) -> (&'static str, &'static str) {
        match self {
            Self::Syntax => ("Digest credentials are not a list of parameters", ""),
            Self::Missing(name) => (name, " is missing in the Digest credentials"),
            Self::Repeated => ("A parameter of the Digest credentials is repeated", ""),
            Self::Malformed(name) => (name, " of the Digest credentials is malformed"),
            Self::TwoNames => ("Digest credentials have both username and username*", ""),
            Self::QopNotOffered => ("qop of the Digest credentials is not offered here", ""),
            Self::UserhashNotOffered => {
                ("userhash of the Digest credentials is not offered here", "")
            }
            Self::NotAUserhash => (
                "username of the Digest credentials is no hash, and userhash says that it is",
                "",
            ),
            Self::UriMismatch(_) => (
                "uri of the Digest credentials is not the target of the request",
                ": write path and query as in the request line",
            ),
        }
    }
}

/// Words for the log. They never reach the client, and must hold no secret.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Detail(Cow<'static, str>);

impl<T: Into<Cow<'static, str>>> From<T> for Detail {
    fn from(words: T) -> Self {
        Self(words.into())
    }
}

impl fmt::Display for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for Detail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, f)
    }
}

/// For logs: one short phrase for each cause, with its detail.
impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Missing => f.write_str("no credentials"),
            Self::SchemeNotAccepted => f.write_str("authentication scheme not accepted"),
            Self::Malformed => f.write_str("credentials not well formed"),
            Self::InvalidRequest(InvalidRequest::CarrierTwice) => {
                f.write_str("credentials sent twice")
            }
            Self::InvalidRequest(InvalidRequest::TooLong) => f.write_str("credentials too long"),
            Self::InvalidRequest(InvalidRequest::NotOneToken) => {
                f.write_str("not exactly one bearer token")
            }
            Self::InvalidCredentials => f.write_str("credentials rejected"),
            Self::InvalidRequest(InvalidRequest::Digest(DigestFault::UriMismatch(how))) => {
                write!(f, "uri is not the target of the request: {how}")
            }
            Self::InvalidRequest(InvalidRequest::Digest(fault)) => {
                let (first, second) = fault.message();
                write!(f, "{first}{second}")
            }
            Self::InvalidRequest(InvalidRequest::ContentUnreadable) => {
                f.write_str("content not readable")
            }
            Self::AlgorithmNotOffered => f.write_str("digest algorithm not offered"),
            Self::OtherRealm => f.write_str("realm not that of the challenge"),
            Self::UnknownNonce => f.write_str("nonce not issued here"),
            Self::StaleNonce => f.write_str("nonce expired or used before"),
            Self::ContentTooLarge => f.write_str("content too long to be checked"),
            Self::TokenExpired { at: Some(at) } => {
                write!(f, "token expired at {}", date::Rfc3339(*at))
            }
            Self::TokenExpired { at: None } => f.write_str("token expired"),
            Self::TokenRevoked => f.write_str("token revoked"),
            Self::InvalidToken(detail) => write!(f, "token invalid: {detail}"),
            Self::InsufficientAuthentication => {
                f.write_str("user authenticated too weakly or too long ago")
            }
            Self::InsufficientScope => f.write_str("scope missing"),
            Self::Forbidden => f.write_str("permission missing"),
            Self::InsecureTransport => f.write_str("transport not secure"),
            Self::TooManyRequests { .. } => f.write_str("too many attempts"),
            Self::Unavailable { detail, .. } => write!(f, "cannot verify now: {detail}"),
            Self::NotConfigured(detail) => write!(f, "not configured: {detail}"),
        }
    }
}

impl core::error::Error for Cause {}

impl Cause {
    /// A token that is invalid for a reason that is told to the log only.
    pub fn invalid_token(why: impl Into<Detail>) -> Self {
        Self::InvalidToken(why.into())
    }

    /// A verifier that cannot answer now.
    pub fn unavailable(retry_after: Duration, why: impl Into<Detail>) -> Self {
        Self::Unavailable {
            retry_after,
            detail: why.into(),
        }
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        match self {
            Self::Missing
            | Self::SchemeNotAccepted
            | Self::Malformed
            | Self::InvalidCredentials
            | Self::TokenExpired { .. }
            | Self::TokenRevoked
            | Self::InvalidToken(_)
            | Self::AlgorithmNotOffered
            | Self::OtherRealm
            | Self::UnknownNonce
            | Self::StaleNonce
            | Self::InsufficientAuthentication => StatusCode::UNAUTHORIZED,
            Self::ContentTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::InvalidRequest(_) => StatusCode::BAD_REQUEST,
            Self::InsufficientScope | Self::Forbidden | Self::InsecureTransport => {
                StatusCode::FORBIDDEN
            }
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Unavailable { .. } => StatusCode::SERVICE_UNAVAILABLE,
            Self::NotConfigured(_) => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }

    /// The cause as one word, without what it holds: for metrics and alerts, which need few values. One
    /// [table](crate::observability#reasons) lists them all.
    ///
    /// ```
    /// # use auth_core::Cause;
    /// assert_eq!(Cause::TokenExpired { at: Some(1_759_312_800) }.reason(), "token_expired");
    /// ```
    #[must_use]
    pub const fn reason(&self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::SchemeNotAccepted => "scheme_not_accepted",
            Self::Malformed => "malformed",
            Self::InvalidRequest(InvalidRequest::CarrierTwice) => "carrier_twice",
            Self::InvalidRequest(InvalidRequest::TooLong) => "too_long",
            Self::InvalidRequest(InvalidRequest::NotOneToken) => "not_one_token",
            Self::InvalidRequest(InvalidRequest::Digest(DigestFault::UriMismatch(_))) => {
                "digest_uri_mismatch"
            }
            Self::InvalidRequest(InvalidRequest::Digest(_)) => "digest_parameter",
            Self::InvalidRequest(InvalidRequest::ContentUnreadable) => "content_unreadable",
            Self::AlgorithmNotOffered => "algorithm_not_offered",
            Self::OtherRealm => "other_realm",
            Self::UnknownNonce => "unknown_nonce",
            Self::StaleNonce => "stale_nonce",
            Self::ContentTooLarge => "content_too_large",
            Self::InvalidCredentials => "invalid_credentials",
            Self::TokenExpired { .. } => "token_expired",
            Self::TokenRevoked => "token_revoked",
            Self::InvalidToken(_) => "invalid_token",
            Self::InsufficientAuthentication => "insufficient_authentication",
            Self::InsufficientScope => "insufficient_scope",
            Self::Forbidden => "forbidden",
            Self::InsecureTransport => "insecure_transport",
            Self::TooManyRequests { .. } => "too_many_requests",
            Self::Unavailable { .. } => "unavailable",
            Self::NotConfigured(_) => "not_configured",
        }
    }

    /// Of two verifiers that did not accept the same credentials, whose words the answer tells: credentials
    /// that were not judged come before those that do not suffice, and these before those that are wrong. Least
    /// says who found them to be of another form than it reads: an opaque token that is no JWT, say.
    pub(crate) fn tells_more_than(&self, other: &Self) -> bool {
        let weight = |cause: &Self| match cause {
            Self::NotConfigured(_) => 6,
            Self::Unavailable { .. } | Self::TooManyRequests { .. } => 5,
            Self::InsufficientAuthentication | Self::InsufficientScope | Self::Forbidden => 4,
            Self::TokenRevoked => 3,
            Self::TokenExpired { .. } => 2,
            Self::InvalidToken(detail) if detail.0.starts_with("malformed") => 0,
            _ => 1,
        };
        weight(self) > weight(other)
    }

    pub(crate) fn retry_after(&self) -> Option<Duration> {
        match self {
            Self::TooManyRequests { retry_after } | Self::Unavailable { retry_after, .. } => {
                Some(*retry_after)
            }
            _ => None,
        }
    }
}

/// What the body says: a code for programs and a sentence for people, both fixed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Text {
    error: &'static str,
    message: &'static str,
    /// The JSON body, where it could be written beforehand.
    json: Option<&'static str>,
}

impl Text {
    /// The text for [`Scheme::REJECTED`](crate::Scheme::REJECTED) of an own scheme.
    #[must_use]
    pub const fn new(error: &'static str, message: &'static str) -> Self {
        Self {
            error,
            message,
            json: None,
        }
    }

    pub(crate) const fn with_json(
        error: &'static str,
        message: &'static str,
        json: &'static str,
    ) -> Self {
        Self {
            error,
            message,
            json: Some(json),
        }
    }
}

/// A [`Text`] whose JSON body is a constant too.
macro_rules! text {
    ($error:literal, $message:literal) => {
        $crate::refusal::Text::with_json(
            $error,
            $message,
            concat!(
                "{\"error\": \"",
                $error,
                "\", \"message\": \"",
                $message,
                "\"}"
            ),
        )
    };
}
pub(crate) use text;

/// A request that was turned away: everything that its answer needs. It is an answer and no
/// [`Error`](core::error::Error), which somebody would answer with 500.
///
/// ```
/// # use auth_core::Refusal;
/// fn answer(refusal: Refusal) -> http::Response<Vec<u8>> {
///     refusal.into_response().map(|body: bytes::Bytes| body.to_vec())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Refusal {
    cause: Cause,
    spec: &'static Spec,
    /// The member whose credentials were judged, if it is known.
    used: Option<usize>,
    /// Whose challenges the answer may carry.
    named: Members,
    head: bool,
    format: BodyFormat,
    /// What its challenges name, if it may have any.
    resource: Option<ProtectedResource>,
    /// The challenges that lacked a nonce. Mostly there are none.
    completed: Option<Box<Completed>>,
}

/// Challenges, each with the place of its member.
#[derive(Clone, Debug, Default)]
struct Completed(Vec<(usize, HeaderValue)>);

impl Refusal {
    pub(crate) fn new(
        failed: Failed,
        spec: &'static Spec,
        head: bool,
        settings: &Settings,
    ) -> Self {
        Self {
            resource: settings.protected_resource().cloned(),
            ..Self::without_challenges(failed, spec, head, settings.body_format().clone())
        }
    }

    /// For a cause that no challenge answers.
    pub(crate) fn without_challenges(
        failed: Failed,
        spec: &'static Spec,
        head: bool,
        format: BodyFormat,
    ) -> Self {
        Self {
            cause: failed.cause,
            spec,
            used: failed.used,
            named: failed.named,
            head,
            format,
            resource: None,
            completed: None,
        }
    }

    /// Completes the open challenges of a member, if they are sent. Where that fails, that is why the request is
    /// refused: whoever is asked for credentials has to be able to answer (V25).
    pub(crate) fn complete(
        &mut self,
        at: usize,
        with: impl Fn(&'static Member, OpenChallenge<'_>) -> Result<HeaderValue, Cause>,
    ) {
        let Some((_, member, _)) = self.sent().find(|(place, ..)| *place == at) else {
            return;
        };
        let stale = self.used == Some(at) && self.cause == Cause::StaleNonce;
        for challenge in OpenChallenge::all(member, stale) {
            match with(member, challenge) {
                Ok(value) => self.completed.get_or_insert_default().0.push((at, value)),
                Err(cause) => {
                    self.cause = cause;
                    return;
                }
            }
        }
    }

    /// Why.
    #[must_use]
    pub fn cause(&self) -> &Cause {
        &self.cause
    }

    #[cfg(feature = "tonic")]
    pub(crate) fn into_cause(self) -> Cause {
        self.cause
    }

    /// The status of the answer.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.cause.status()
    }

    /// The path of the handler or policy that turned the request away.
    #[must_use]
    pub fn policy(&self) -> &'static str {
        self.spec.name()
    }

    /// The scheme whose credentials were judged, if it is known.
    #[must_use]
    pub fn scheme(&self) -> Option<&'static str> {
        self.used().map(Member::scheme)
    }

    /// The scopes that the policy demands of the scheme whose credentials were judged, separated by one
    /// space.
    #[must_use]
    pub fn scope(&self) -> Option<&'static str> {
        self.used().and_then(Member::scope)
    }

    /// What the policy demands and the credentials lack, for the log: the scopes; or else the role, the kind and age of
    /// the login, with all that is demanded beside it.
    #[cfg(feature = "tracing")]
    pub(crate) fn needed(&self) -> Option<Cow<'static, str>> {
        match self.cause {
            Cause::InsufficientScope => self.scope().map(Cow::Borrowed),
            Cause::Forbidden | Cause::InsufficientAuthentication => {
                Some(self.used()?.demands().into())
            }
            _ => None,
        }
    }

    /// The challenges, each to be sent as a `WWW-Authenticate` field line of its own.
    pub fn challenges(&self) -> impl Iterator<Item = HeaderValue> + '_ {
        self.sent().flat_map(|(at, member, kind)| {
            let open = member.declaration().digest_terms().is_some();
            let written = (!open).then(|| match &self.resource {
                Some(resource) if member.tells_errors() => resource.challenge(member, kind),
                _ => member.challenge(kind),
            });
            let completed = self.completed.iter().flat_map(|completed| &completed.0);
            let completed = completed.filter(move |(of, _)| open && *of == at);
            written
                .into_iter()
                .chain(completed.map(|(_, value)| value.clone()))
        })
    }

    /// The schemes of the challenges.
    #[cfg(feature = "metrics")]
    pub(crate) fn challenged(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.sent().map(|(_, member, _)| member.scheme())
    }

    /// Whose challenges are sent, and which.
    fn sent(&self) -> impl Iterator<Item = (usize, &'static Member, Kind)> + '_ {
        let sent = self.named().filter_map(|(at, member)| {
            let kind = self.challenge_kind(member, self.used == Some(at))?;
            Some((at, member, kind))
        });
        let before = sent.clone();
        sent.filter(move |(at, member, kind)| {
            // Two verifiers of one scheme may have the same challenge: it is sent once.
            let text = member.challenge_text(*kind);
            let mut before = before.clone().take_while(|(earlier, ..)| earlier < at);
            !before.any(|(_, earlier, kind)| earlier.challenge_text(kind) == text)
        })
    }

    /// The members whose challenges the answer may carry, with their places.
    fn named(&self) -> impl Iterator<Item = (usize, &'static Member)> + Clone + '_ {
        let members = self.spec.members().iter().enumerate();
        members.filter(|(at, _)| self.named.has(*at))
    }

    /// The code that the body gives as `error`.
    #[must_use]
    pub fn error(&self) -> &'static str {
        self.text().error
    }

    /// The sentence that the body gives as `message`. It repeats nothing that the client sent, but
    /// for the expiry of a JWT whose signature held.
    #[must_use]
    pub fn message(&self) -> Cow<'static, str> {
        match self.message_parts() {
            (message, "") => message,
            (field, rest) => [&*field, rest].concat().into(),
        }
    }

    /// The message in two parts, so that a body is put together in one piece. The second is a text of
    /// ours.
    fn message_parts(&self) -> (Cow<'static, str>, &'static str) {
        match (&self.cause, self.only_carrier()) {
            (Cause::TokenExpired { at: Some(at) }, _) => {
                (format!("JWT expired at {}", date::Rfc3339(*at)).into(), "")
            }
            (Cause::InvalidRequest(InvalidRequest::Digest(fault)), _) => {
                let (first, second) = fault.message();
                (first.into(), second)
            }
            (Cause::Missing, Some(Carrier::Field(name))) => (name.into(), " header missing"),
            (Cause::Missing, Some(Carrier::Cookie(name))) => (name.into(), " cookie missing"),
            _ => (self.text().message.into(), ""),
        }
    }

    /// The same with its content, for servers that leave the content out themselves where `HEAD` is answered.
    #[cfg(feature = "actix")]
    pub(crate) fn with_content(mut self) -> Self {
        self.head = false;
        self
    }

    /// The answer. `B` is the body type of the server at hand.
    #[must_use]
    pub fn into_response<B: From<Bytes>>(self) -> Response<B> {
        let Body {
            content_type,
            content,
        } = self.format.write(&self);
        let mut fields = HeaderMap::with_capacity(4);
        for challenge in self.challenges() {
            fields.append(WWW_AUTHENTICATE, challenge);
        }
        fields.insert(CONTENT_TYPE, content_type);
        fields.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
        if let Some(after) = self.cause.retry_after() {
            fields.insert(RETRY_AFTER, number(whole_seconds(after)));
        }
        let content = if self.head {
            // RFC 9110 §9.3.2: no content, yet the fields that a GET would get.
            fields.insert(CONTENT_LENGTH, HeaderValue::from(content.len()));
            Bytes::new()
        } else {
            content
        };
        let mut response = Response::new(B::from(content));
        *response.status_mut() = self.cause.status();
        *response.headers_mut() = fields;
        response.extensions_mut().insert(self.cause);
        response
    }

    fn tells_errors(&self) -> bool {
        self.used().is_some_and(Member::tells_errors)
    }

    fn used(&self) -> Option<&'static Member> {
        self.spec.members().get(self.used?)
    }

    /// Which challenge a member sends, by the table at the top.
    fn challenge_kind(&self, member: &Member, judged: bool) -> Option<Kind> {
        let told = match &self.cause {
            Cause::Missing => return Some(Kind::Missing),
            Cause::SchemeNotAccepted
            | Cause::AlgorithmNotOffered
            | Cause::OtherRealm
            | Cause::UnknownNonce
            | Cause::StaleNonce => return Some(Kind::Plain),
            Cause::InvalidRequest(_) => return Some(Kind::InvalidRequest),
            Cause::Malformed | Cause::InvalidCredentials | Cause::InvalidToken(_) => Kind::Invalid,
            Cause::TokenExpired { .. } => Kind::Expired,
            Cause::TokenRevoked => Kind::Revoked,
            Cause::InsufficientAuthentication => Kind::InsufficientAuthentication,
            Cause::InsufficientScope => {
                return (judged && member.tells_errors()).then_some(Kind::InsufficientScope);
            }
            Cause::Forbidden
            | Cause::ContentTooLarge
            | Cause::InsecureTransport
            | Cause::TooManyRequests { .. }
            | Cause::Unavailable { .. }
            | Cause::NotConfigured(_) => return None,
        };
        Some(if judged { told } else { Kind::Plain })
    }

    /// Where a client has to send what is missing, if that is one place.
    fn only_carrier(&self) -> Option<Carrier> {
        let mut members = self.named().map(|(_, member)| member.carrier());
        let first = members.next()?;
        members.all(|other| other == first).then_some(first)
    }

    fn text(&self) -> Text {
        match &self.cause {
            Cause::Missing => match self.only_carrier() {
                Some(Carrier::Authorization) => {
                    text!("authentication_required", "Authorization header missing")
                }
                _ => text!("authentication_required", "Credentials missing"),
            },
            Cause::SchemeNotAccepted => text!(
                "authentication_required",
                "Authentication scheme not accepted here"
            ),
            Cause::Malformed if self.tells_errors() => text!("invalid_token", "Token invalid"),
            Cause::Malformed => text!("invalid_credentials", "Credentials are not well formed"),
            Cause::InvalidRequest(InvalidRequest::CarrierTwice) => {
                text!("invalid_request", "Credentials sent more than once")
            }
            Cause::InvalidRequest(InvalidRequest::TooLong) => {
                text!("invalid_request", "Credentials are too long")
            }
            Cause::InvalidRequest(InvalidRequest::NotOneToken) => {
                text!(
                    "invalid_request",
                    "Bearer must be followed by exactly one token"
                )
            }
            // The message is another one: see `message_parts`.
            Cause::InvalidRequest(InvalidRequest::Digest(_)) => {
                text!("invalid_request", "Digest credentials are not well formed")
            }
            Cause::InvalidRequest(InvalidRequest::ContentUnreadable) => {
                text!(
                    "invalid_request",
                    "The content of the request could not be read"
                )
            }
            Cause::AlgorithmNotOffered => text!(
                "authentication_required",
                "The Digest algorithm is not accepted here"
            ),
            Cause::OtherRealm => text!(
                "authentication_required",
                "The Digest realm is not that of the challenge, answer the new one"
            ),
            Cause::UnknownNonce => text!(
                "authentication_required",
                "The nonce was not issued here, answer the new challenge"
            ),
            Cause::StaleNonce => text!(
                "authentication_required",
                "The nonce is used up, answer the new challenge"
            ),
            Cause::ContentTooLarge => {
                text!("content_too_large", "The content is too long to be checked")
            }
            Cause::InvalidCredentials => self.used().map_or(
                text!("invalid_credentials", "Credentials are wrong"),
                Member::rejected,
            ),
            // With a time, the message is another one: see `message_parts`.
            Cause::TokenExpired { .. } => text!("token_expired", "Token expired"),
            Cause::TokenRevoked => text!("token_revoked", "Token revoked"),
            Cause::InvalidToken(_) => text!("invalid_token", "Token invalid"),
            Cause::InsufficientAuthentication => text!(
                "insufficient_user_authentication",
                "A stronger or more recent login is needed here"
            ),
            Cause::InsufficientScope => {
                text!(
                    "insufficient_scope",
                    "A scope that is needed here was not granted"
                )
            }
            Cause::Forbidden => text!("forbidden", "Not allowed"),
            Cause::InsecureTransport => text!(
                "secure_transport_required",
                "This is served over a secure transport only"
            ),
            Cause::TooManyRequests { .. } => {
                text!("too_many_requests", "Too many attempts, try again later")
            }
            Cause::Unavailable { .. } => text!(
                "temporarily_unavailable",
                "Credentials cannot be checked right now, try again later"
            ),
            Cause::NotConfigured(_) => text!("server_error", "Internal server error"),
        }
    }
}

/// RFC 9110 §10.2.3: whole seconds; rounded up, and never 0, which would invite a storm.
pub(crate) fn whole_seconds(after: Duration) -> u64 {
    after
        .as_secs()
        .saturating_add(u64::from(after.subsec_nanos() > 0))
        .max(1)
}

/// A number as a field value in one allocation, where `HeaderValue::from` alone takes two.
fn number(value: u64) -> HeaderValue {
    HeaderValue::try_from(value.to_string()).unwrap_or_else(|_| HeaderValue::from(value))
}
