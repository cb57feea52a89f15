//! What one member of a policy declares, and the challenge that follows for every reason to refuse.
//!
//! It stands here, and not in the runtime crate, because both write challenges with it: the macro
//! while it expands, from literals, and const evaluation, where a value stands behind a path.

use core::fmt;

use crate::digest::DigestTerms;
use crate::{
    BadValue, Challenge, DigestAlgorithm, NoRoom, Param, Value, check_error_text, check_quotable,
    check_scope, check_token,
};

/// Why a challenge is sent. The numbers are the places in a list of all challenges of a member.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
#[non_exhaustive]
pub enum ChallengeKind {
    /// No error is told: another scheme was used, or one that is not accepted (RFC 6750 §3.1).
    Plain = 0,
    /// Nothing was presented: plain, unless an error was declared for it.
    Missing = 1,
    /// `invalid_request`
    InvalidRequest = 2,
    /// `invalid_token`: not a token that is good here
    Invalid = 3,
    /// `invalid_token`: expired
    Expired = 4,
    /// `invalid_token`: taken back
    Revoked = 5,
    /// `insufficient_scope`
    InsufficientScope = 6,
    /// `insufficient_user_authentication` (RFC 9470 §3): too weak, or too long ago
    InsufficientAuthentication = 7,
}

impl ChallengeKind {
    /// All of them, by their numbers.
    pub const ALL: [Self; 8] = [
        Self::Plain,
        Self::Missing,
        Self::InvalidRequest,
        Self::Invalid,
        Self::Expired,
        Self::Revoked,
        Self::InsufficientScope,
        Self::InsufficientAuthentication,
    ];

    /// `error` and `error_description` (RFC 6750 §3, §3.1; RFC 9470 §3).
    const fn error(self) -> Option<(&'static str, Option<&'static str>)> {
        match self {
            Self::Plain | Self::Missing => None,
            Self::InvalidRequest => Some(("invalid_request", None)),
            Self::Invalid => Some(("invalid_token", Some("Token invalid"))),
            Self::Expired => Some(("invalid_token", Some("Token expired"))),
            Self::Revoked => Some(("invalid_token", Some("Token revoked"))),
            Self::InsufficientScope => Some(("insufficient_scope", None)),
            Self::InsufficientAuthentication => Some(("insufficient_user_authentication", None)),
        }
    }
}

/// What one member of a policy declares.
///
/// ```
/// use auth_syntax::{ChallengeKind, Declaration};
///
/// let bearer = Declaration::bearer("API").with_scope("orders:read");
/// assert_eq!(
///     bearer.challenge(ChallengeKind::Expired).to_string(),
///     r#"Bearer realm="API", scope="orders:read", error="invalid_token", error_description="Token expired""#,
/// );
/// ```
#[derive(Clone, Copy, Debug)]
pub struct Declaration<'a> {
    scheme: &'a str,
    realm: &'a str,
    carrier: Carrier<'a>,
    scope: Option<&'a str>,
    acr_values: Option<&'a str>,
    max_age: Option<&'a str>,
    extra: Extra<'a>,
    error_when_missing: Option<&'a str>,
}

/// Where credentials travel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Carrier<'a> {
    /// The `Authorization` field (RFC 9110 §11.6.2), behind the name of the scheme.
    Authorization,
    /// A header field of this name, which holds nothing else.
    Field(&'a str),
    /// A cookie of this name (RFC 6265 §4.2), which holds nothing else.
    Cookie(&'a str),
}

impl<'a> Carrier<'a> {
    /// The name of the header field.
    #[must_use]
    pub const fn field(self) -> &'a str {
        match self {
            Self::Authorization => "Authorization",
            Self::Field(name) => name,
            Self::Cookie(_) => "Cookie",
        }
    }

    /// Whether credentials of one scheme would meet here: field names are compared without regard to case
    /// (RFC 9110 §5.1), cookie names with it.
    #[must_use]
    pub const fn is(self, other: Carrier<'_>) -> bool {
        match (self, other) {
            (Self::Authorization, Carrier::Authorization) => true,
            (Self::Field(name), Carrier::Field(other)) => name.eq_ignore_ascii_case(other),
            (Self::Cookie(name), Carrier::Cookie(other)) => same(name.as_bytes(), other.as_bytes()),
            _ => false,
        }
    }
}

/// `==` of octets, in constants.
///
/// ```
/// const { assert!(auth_syntax::same(b"realm", b"realm") && !auth_syntax::same(b"realm", b"Realm")) }
/// ```
#[must_use]
pub const fn same(mut a: &[u8], mut b: &[u8]) -> bool {
    loop {
        match (a, b) {
            ([], []) => return true,
            ([x, rest @ ..], [y, others @ ..]) if *x == *y => (a, b) = (rest, others),
            _ => return false,
        }
    }
}

/// What only one scheme has.
#[derive(Clone, Copy, Debug)]
enum Extra<'a> {
    Nothing,
    /// The parameters of RFC 6750 §3 that tell errors and scopes.
    Errors,
    /// `charset="UTF-8"` (RFC 7617 §2.1)
    Charset,
    /// `in="header", name="…"`, in the words of `OpenAPI`'s `apiKey`
    Carrier,
    /// Those of RFC 7616 §3.3.
    Digest(DigestTerms<'a>),
    /// Those of a scheme that is not built in.
    Own(&'a [Param<'a>]),
}

/// The most parameters that a scheme of your own can declare.
pub const MAX_OWN_PARAMS: usize = 8;

/// `realm`, `scope`, `error`, `resource_metadata`, `acr_values`, `max_age` and `error_description`, or a realm and own
/// ones.
const MOST_PARAMS: usize = 1 + MAX_OWN_PARAMS;

/// Why a [`Declaration`] cannot be sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BadDeclaration {
    /// The scheme, or the header field that it is named after, is not a token.
    Scheme(BadValue),
    /// The realm is empty.
    EmptyRealm,
    /// The realm is not printable ASCII.
    Realm(BadValue),
    /// The scope is not a list of scope-tokens.
    Scope(BadValue),
    /// The header field's name is not a token.
    Field(BadValue),
    /// The name of the cookie is not a token (RFC 6265 §4.1.1).
    Cookie(BadValue),
    /// The error code holds what RFC 6750 §3 forbids, or is empty.
    Error(BadValue),
    /// The `acr_values` are not a list of values separated by one space, without quotes and backslashes.
    AcrValues(BadValue),
    /// The `max_age` is not a number of seconds.
    MaxAge,
    /// `acr_values` or `max_age` for a scheme whose challenges cannot tell them.
    NoStepUp,
    /// A parameter of an own scheme has a name that is not a token, or that every challenge has (`realm`).
    ParamName,
    /// A parameter of an own scheme cannot be sent.
    Param(BadValue),
    /// An own scheme declares more than [`MAX_OWN_PARAMS`].
    TooManyParams,
    /// Digest without an algorithm.
    NoAlgorithm,
    /// Digest with the same algorithm twice (RFC 7616 §3.7).
    RepeatedAlgorithm,
    /// The `domain` of Digest is not a list of URIs.
    Domain(BadValue),
    /// The `domain` of Digest names something that is neither a path nor an http URI.
    RelativeDomain,
    /// The `opaque` of Digest is empty.
    EmptyOpaque,
    /// The `opaque` of Digest cannot be sent.
    Opaque(BadValue),
}

impl BadDeclaration {
    /// What is wrong, as a constant text: const evaluation cannot format.
    #[must_use]
    pub const fn message(self) -> &'static str {
        match self {
            Self::Scheme(_) => "the name of a scheme is one token (RFC 9110 section 5.6.2)",
            Self::EmptyRealm => "this realm is empty: write what clients may show to their users",
            Self::Realm(_) => {
                "this realm cannot be sent in a header field: write printable ASCII only (20-7E)"
            }
            Self::Scope(_) => {
                "these are not scopes separated by one space (RFC 6750 section 3): no quotes, backslashes or controls"
            }
            Self::Field(_) => "the name of a header field is one token (RFC 9110 section 5.1)",
            Self::Cookie(_) => "the name of a cookie is one token (RFC 6265 section 4.1.1)",
            Self::AcrValues(_) => {
                "these are not acr values separated by one space (RFC 9470 section 3): no quotes, backslashes or controls"
            }
            Self::MaxAge => "`max_age` is a number of seconds, in digits (RFC 9470 section 3)",
            Self::NoStepUp => {
                "only Bearer tokens say how and when their user was authenticated (RFC 9470): `acr` and `max_age` are not for this scheme"
            }
            Self::ParamName => {
                "the name of a challenge parameter is one token, and `realm` has a key of its own (RFC 9110 section 11.2)"
            }
            Self::Param(_) => {
                "this parameter cannot be sent in a header field: write printable ASCII only (20-7E)"
            }
            Self::TooManyParams => "a challenge has at most 8 parameters of its own",
            Self::NoAlgorithm => "Digest needs an algorithm, such as SHA-256",
            Self::RepeatedAlgorithm => {
                "each challenge of Digest has another algorithm (RFC 7616 section 3.7): name each once"
            }
            Self::Domain(_) => {
                "this is not a list of URIs separated by one space (RFC 7616 section 3.3): no quotes, backslashes or controls"
            }
            Self::RelativeDomain => {
                "each URI of a `domain` begins with `/`, `http://` or `https://` (RFC 7616 section 3.3)"
            }
            Self::EmptyOpaque => "this `opaque` is empty: leave it out, clients send it back only",
            Self::Opaque(_) => {
                "this `opaque` cannot be sent: write printable ASCII without quotes and backslashes"
            }
            Self::Error(_) => {
                "this error code cannot be sent (RFC 6750 section 3): write printable ASCII without quotes and backslashes"
            }
        }
    }
}

impl fmt::Display for BadDeclaration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.message())
    }
}

impl core::error::Error for BadDeclaration {}

impl<'a> Declaration<'a> {
    /// Basic (RFC 7617), with `charset="UTF-8"`.
    #[must_use]
    pub const fn basic(realm: &'a str) -> Self {
        Self::new("Basic", realm, Extra::Charset)
    }

    /// Bearer (RFC 6750).
    #[must_use]
    pub const fn bearer(realm: &'a str) -> Self {
        Self::new("Bearer", realm, Extra::Errors)
    }

    /// A key in the header field `field`: `ApiKey realm="API", in="header", name="X-API-Key"`. The
    /// scheme is private: none is registered with IANA.
    #[must_use]
    pub const fn api_key(realm: &'a str, field: &'a str) -> Self {
        Self::new("ApiKey", realm, Extra::Carrier).within(Carrier::Field(field))
    }

    /// A key in a cookie: `ApiKey realm="API", in="cookie", name="session"`.
    #[must_use]
    pub const fn api_key_in_cookie(realm: &'a str, cookie: &'a str) -> Self {
        Self::new("ApiKey", realm, Extra::Carrier).within(Carrier::Cookie(cookie))
    }

    /// A key in the header field `field`, whose name is also that of the scheme: `X-API-Key realm="API"`.
    #[must_use]
    pub const fn named_after_field(realm: &'a str, field: &'a str) -> Self {
        Self::new(field, realm, Extra::Nothing).within(Carrier::Field(field))
    }

    /// Digest (RFC 7616) with SHA-256, `qop="auth"` and `charset=UTF-8`.
    ///
    /// Its challenges lack one thing, the nonce: their texts end in `nonce=""`. There is one for each algorithm, and the
    /// same ones for every reason to refuse.
    ///
    /// ```
    /// use auth_syntax::{Declaration, DigestAlgorithm};
    ///
    /// let digest = Declaration::digest("API")
    ///     .with_algorithms(&[DigestAlgorithm::Sha256, DigestAlgorithm::Md5])
    ///     .offering_auth_int();
    /// assert_eq!(
    ///     [digest.nth(0).to_string(), digest.nth(1).to_string()],
    ///     [
    ///         r#"Digest realm="API", qop="auth, auth-int", algorithm=SHA-256, charset=UTF-8, nonce="""#,
    ///         r#"Digest realm="API", qop="auth, auth-int", algorithm=MD5, charset=UTF-8, nonce="""#,
    ///     ]
    /// );
    /// ```
    #[must_use]
    pub const fn digest(realm: &'a str) -> Self {
        Self::new("Digest", realm, Extra::Digest(DigestTerms::new()))
    }

    /// The algorithms that Digest offers, preferred first: a challenge each (RFC 7616 §3.7).
    #[must_use]
    pub const fn with_algorithms(self, algorithms: &[DigestAlgorithm]) -> Self {
        match self.extra {
            Extra::Digest(terms) => self.with_terms(terms.with_algorithms(algorithms)),
            _ => self,
        }
    }

    /// Digest offers `auth-int` beside `auth`. Alone it is not offered: browsers would fall back to a form without `qop`.
    #[must_use]
    pub const fn offering_auth_int(self) -> Self {
        match self.extra {
            Extra::Digest(terms) => self.with_terms(terms.offering_auth_int()),
            _ => self,
        }
    }

    /// The URIs that Digest credentials are good for, separated by one space (RFC 7616 §3.3).
    #[must_use]
    pub const fn with_domain(self, domain: &'a str) -> Self {
        match self.extra {
            Extra::Digest(terms) => self.with_terms(terms.with_domain(domain)),
            _ => self,
        }
    }

    /// What clients of Digest are to send back unchanged (RFC 7616 §3.3). Everybody can read it.
    #[must_use]
    pub const fn with_opaque(self, opaque: &'a str) -> Self {
        match self.extra {
            Extra::Digest(terms) => self.with_terms(terms.with_opaque(opaque)),
            _ => self,
        }
    }

    /// Clients of Digest may send a hash instead of the user's name (RFC 7616 §3.4.4).
    #[must_use]
    pub const fn with_userhash(self) -> Self {
        match self.extra {
            Extra::Digest(terms) => self.with_terms(terms.with_userhash()),
            _ => self,
        }
    }

    const fn with_terms(mut self, terms: DigestTerms<'a>) -> Self {
        self.extra = Extra::Digest(terms);
        self
    }

    /// What Digest declares; `None` for every other scheme.
    #[must_use]
    pub const fn digest_terms(&self) -> Option<&DigestTerms<'a>> {
        match &self.extra {
            Extra::Digest(terms) => Some(terms),
            _ => None,
        }
    }

    /// A scheme that is not built in: its name, and the parameters of its challenges behind the realm.
    #[must_use]
    pub const fn own(scheme: &'a str, realm: &'a str, params: &'a [Param<'a>]) -> Self {
        Self::new(scheme, realm, Extra::Own(params))
    }

    const fn new(scheme: &'a str, realm: &'a str, extra: Extra<'a>) -> Self {
        Self {
            scheme,
            realm,
            carrier: Carrier::Authorization,
            scope: None,
            acr_values: None,
            max_age: None,
            extra,
            error_when_missing: None,
        }
    }

    const fn within(mut self, carrier: Carrier<'a>) -> Self {
        self.carrier = carrier;
        self
    }

    /// The credentials travel in a cookie of this name.
    #[must_use]
    pub const fn in_cookie(self, cookie: &'a str) -> Self {
        self.within(Carrier::Cookie(cookie))
    }

    /// The scopes that are needed; told by schemes that define the parameter (Bearer).
    #[must_use]
    pub const fn with_scope(mut self, scope: &'a str) -> Self {
        self.scope = Some(scope);
        self
    }

    /// The authentication contexts of which one is needed (RFC 9470 §3), preferred first, separated by one
    /// space.
    #[must_use]
    pub const fn with_acr_values(mut self, acr_values: &'a str) -> Self {
        self.acr_values = Some(acr_values);
        self
    }

    /// How long ago the user may have been authenticated (RFC 9470 §3): seconds, in digits.
    #[must_use]
    pub const fn with_max_age(mut self, seconds: &'a str) -> Self {
        self.max_age = Some(seconds);
        self
    }

    /// Leaves `charset` out.
    #[must_use]
    pub const fn without_charset(mut self) -> Self {
        match self.extra {
            Extra::Charset => self.extra = Extra::Nothing,
            Extra::Digest(terms) => self.extra = Extra::Digest(terms.without_charset()),
            _ => {}
        }
        self
    }

    /// The realm.
    #[must_use]
    pub const fn realm(&self) -> &'a str {
        self.realm
    }

    /// The name of the scheme.
    #[must_use]
    pub const fn scheme(&self) -> &'a str {
        self.scheme
    }

    /// Where the credentials travel.
    #[must_use]
    pub const fn carrier(&self) -> Carrier<'a> {
        self.carrier
    }

    /// The scopes that are needed, separated by one space.
    #[must_use]
    pub const fn scope(&self) -> Option<&'a str> {
        self.scope
    }

    /// The authentication contexts of which one is needed, separated by one space.
    #[must_use]
    pub const fn acr_values(&self) -> Option<&'a str> {
        self.acr_values
    }

    /// How long ago the user may have been authenticated, in digits.
    #[must_use]
    pub const fn max_age(&self) -> Option<&'a str> {
        self.max_age
    }

    /// Whether its challenges tell errors (RFC 6750 §3).
    #[must_use]
    pub const fn tells_errors(&self) -> bool {
        matches!(self.extra, Extra::Errors)
    }

    /// The error code to send when nothing was presented, where RFC 6750 §3.1 advises against any.
    #[must_use]
    pub const fn with_error_when_missing(mut self, code: &'a str) -> Self {
        self.error_when_missing = Some(code);
        self
    }

    /// Whether every challenge of this member may be sent.
    pub const fn check(&self) -> Result<(), BadDeclaration> {
        if let Err(bad) = check_token(self.scheme) {
            return Err(BadDeclaration::Scheme(bad));
        }
        if self.realm.is_empty() {
            return Err(BadDeclaration::EmptyRealm);
        }
        if let Err(bad) = check_quotable(self.realm) {
            return Err(BadDeclaration::Realm(bad));
        }
        if let Some(scope) = self.scope
            && let Err(bad) = check_scope(scope)
        {
            return Err(BadDeclaration::Scope(bad));
        }
        match self.carrier {
            Carrier::Field(name) if let Err(bad) = check_token(name) => {
                return Err(BadDeclaration::Field(bad));
            }
            Carrier::Cookie(name) if let Err(bad) = check_token(name) => {
                return Err(BadDeclaration::Cookie(bad));
            }
            _ => {}
        }
        if (self.acr_values.is_some() || self.max_age.is_some()) && !self.tells_errors() {
            return Err(BadDeclaration::NoStepUp);
        }
        // The same list as a scope: visible ASCII without `"` and `\\`, separated by one space.
        if let Some(values) = self.acr_values
            && let Err(bad) = check_scope(values)
        {
            return Err(BadDeclaration::AcrValues(bad));
        }
        if let Some(seconds) = self.max_age
            && parse_seconds(seconds).is_none()
        {
            return Err(BadDeclaration::MaxAge);
        }
        if let Extra::Own(params) = self.extra
            && let Err(bad) = check_own(params)
        {
            return Err(bad);
        }
        if let Extra::Digest(terms) = self.extra
            && let Err(bad) = terms.check()
        {
            return Err(bad);
        }
        if let Some(code) = self.error_when_missing
            && let Err(bad) = check_error_text(code)
        {
            return Err(BadDeclaration::Error(bad));
        }
        Ok(())
    }

    /// How many of its challenges differ: one for each kind where the scheme tells errors, one for each algorithm of
    /// Digest, else one.
    #[must_use]
    pub const fn kinds(&self) -> usize {
        match &self.extra {
            Extra::Errors => ChallengeKind::ALL.len(),
            Extra::Digest(terms) => terms.algorithms().len(),
            _ => 1,
        }
    }

    /// One of its challenges, by its place among all that [differ](Self::kinds); the first for a place behind them.
    #[must_use]
    pub const fn nth(&self, place: usize) -> DeclaredChallenge<'a> {
        match &self.extra {
            Extra::Digest(terms) => self.open(terms, place),
            _ if place < ChallengeKind::ALL.len() => self.challenge(ChallengeKind::ALL[place]),
            _ => self.challenge(ChallengeKind::Plain),
        }
    }

    /// The challenge of a kind, to be written; of Digest that of its first algorithm.
    #[must_use]
    pub const fn challenge(&self, kind: ChallengeKind) -> DeclaredChallenge<'a> {
        self.written(kind, None)
    }

    /// The challenge of a kind with the URL of the metadata of the protected resource (RFC 9728 §5.1), if the scheme
    /// tells errors; of any other scheme it is as before. The URL is one that
    /// [`check_quotable`](crate::check_quotable) accepts: it is not checked here.
    ///
    /// It is known when the program runs, so that this challenge is no constant.
    ///
    /// ```
    /// use auth_syntax::{ChallengeKind, Declaration};
    ///
    /// let bearer = Declaration::bearer("API").with_scope("orders:read");
    /// let url = "https://api.example.com/.well-known/oauth-protected-resource";
    /// assert_eq!(
    ///     bearer.challenge_with_metadata(ChallengeKind::Missing, url).to_string(),
    ///     format!(r#"Bearer realm="API", scope="orders:read", resource_metadata="{url}""#),
    /// );
    /// ```
    #[must_use]
    pub const fn challenge_with_metadata(
        &self,
        kind: ChallengeKind,
        url: &'a str,
    ) -> DeclaredChallenge<'a> {
        self.written(kind, Some(url))
    }

    const fn written(
        &self,
        kind: ChallengeKind,
        metadata: Option<&'a str>,
    ) -> DeclaredChallenge<'a> {
        let (params, count) = self.params(kind, metadata);
        DeclaredChallenge {
            scheme: self.scheme,
            params,
            count,
        }
    }

    /// How many octets the challenges of all kinds take, one behind the other.
    #[must_use]
    pub const fn text_len(&self) -> usize {
        let (mut total, mut kind) = (0, 0);
        while kind < self.kinds() {
            total += self.nth(kind).get().written_len();
            kind += 1;
        }
        total
    }

    /// The challenges of all kinds, one behind the other, in constants.
    ///
    /// # Panics
    /// When the declaration cannot be sent, or `N` is not [`text_len`](Self::text_len): a compile
    /// error where it is meant to be called.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "called in constants: the panic is a compile error"
    )]
    pub const fn text<const N: usize>(&self) -> [u8; N] {
        if let Err(bad) = self.check() {
            panic!("{}", bad.message());
        }
        let mut text = [0; N];
        assert!(
            self.write_text(&mut text, 0).is_ok(),
            "the array must have `text_len()` octets"
        );
        text
    }

    /// Writes the challenges of all kinds, one behind the other, from `start` on; returns where they end. Like the
    /// writer of [`Challenge`], it does not check them.
    ///
    /// # Errors
    /// When they do not fit.
    pub const fn write_text(&self, out: &mut [u8], start: usize) -> Result<usize, NoRoom> {
        let (mut end, mut kind) = (start, 0);
        while kind < self.kinds() {
            let challenge = self.nth(kind);
            end = match challenge.get().write_to(out, end) {
                Ok(end) => end,
                Err(full) => return Err(full),
            };
            kind += 1;
        }
        Ok(end)
    }

    /// Cuts what [`text`](Self::text) wrote into its challenges, by kind.
    ///
    /// # Panics
    /// When the text is another one's: a compile error where it is meant to be called.
    #[must_use]
    pub const fn cut<const K: usize>(&self, text: &'static [u8]) -> [&'static str; K] {
        let mut cut = [""; K];
        assert!(
            self.cut_into(text, &mut cut, 0).is_some(),
            "these are the challenges of another declaration"
        );
        cut
    }

    /// Cuts the challenges of all kinds off the text that begins with them, into the places from `start` on;
    /// returns what is behind them. `None` if the text is another one's.
    #[must_use]
    pub const fn cut_into<'t>(
        &self,
        text: &'t [u8],
        cut: &mut [&'t str],
        start: usize,
    ) -> Option<&'t [u8]> {
        let (mut rest, mut kind) = (text, 0);
        while kind < self.kinds() {
            let len = self.nth(kind).get().written_len();
            let Some((challenge, behind)) = rest.split_at_checked(len) else {
                return None;
            };
            cut[start + kind] = match core::str::from_utf8(challenge) {
                Ok(challenge) => challenge,
                Err(_) => return None,
            };
            rest = behind;
            kind += 1;
        }
        Some(rest)
    }

    /// Realm first; what clients search for stands before `error_description`, whose words could be
    /// mistaken for it, and `scope` and `error` before the URL, whose path could.
    const fn params(
        &self,
        kind: ChallengeKind,
        metadata: Option<&'a str>,
    ) -> ([Param<'a>; MOST_PARAMS], usize) {
        let mut list = List::starting_with(Param::quoted("realm", self.realm));
        match (self.extra, self.carrier) {
            (Extra::Carrier, Carrier::Field(name)) => {
                list.push(Param::quoted("in", "header"));
                list.push(Param::quoted("name", name));
            }
            (Extra::Carrier, Carrier::Cookie(name)) => {
                list.push(Param::quoted("in", "cookie"));
                list.push(Param::quoted("name", name));
            }
            (Extra::Nothing | Extra::Carrier, _) => {}
            (Extra::Charset, _) => list.push(Param::quoted("charset", "UTF-8")),
            (Extra::Digest(terms), _) => list.push_terms(&terms, 0),
            (Extra::Own(mut params), _) => {
                while let [first, rest @ ..] = params {
                    list.push(*first);
                    params = rest;
                }
            }
            (Extra::Errors, _) => {
                let (error, description) = match (kind, kind.error()) {
                    (ChallengeKind::Missing, _) => (self.error_when_missing, None),
                    (_, Some((error, description))) => (Some(error), description),
                    (_, None) => (None, None),
                };
                list.push_some("scope", self.scope);
                list.push_some("error", error);
                list.push_some("resource_metadata", metadata);
                if let ChallengeKind::InsufficientAuthentication = kind {
                    list.push_some("acr_values", self.acr_values);
                    list.push_some("max_age", self.max_age);
                }
                list.push_some("error_description", description);
            }
        }
        (list.params, list.count)
    }

    /// A challenge that lacks its nonce.
    const fn open(&self, terms: &DigestTerms<'a>, place: usize) -> DeclaredChallenge<'a> {
        let mut list = List::starting_with(Param::quoted("realm", self.realm));
        list.push_terms(terms, place);
        DeclaredChallenge {
            scheme: self.scheme,
            params: list.params,
            count: list.count,
        }
    }
}

/// Parameters as they are put in order, in constants.
struct List<'a> {
    params: [Param<'a>; MOST_PARAMS],
    count: usize,
}

impl<'a> List<'a> {
    const fn starting_with(first: Param<'a>) -> Self {
        Self {
            params: [first; MOST_PARAMS],
            count: 1,
        }
    }

    /// There is room: [`MOST_PARAMS`] counts them all, and more own ones are refused.
    const fn push(&mut self, param: Param<'a>) {
        if self.count < MOST_PARAMS {
            self.params[self.count] = param;
            self.count += 1;
        }
    }

    /// Quoted and not as RFC 7616 §3.3 has it; the nonce last, where it can be put in.
    const fn push_terms(&mut self, terms: &DigestTerms<'a>, place: usize) {
        let algorithms = terms.algorithms();
        self.push_some("domain", terms.domain());
        self.push(Param::quoted("qop", terms.qop()));
        if !algorithms.is_empty() {
            let place = if place < algorithms.len() { place } else { 0 };
            self.push(Param::token("algorithm", algorithms[place].name()));
        }
        self.push_some("opaque", terms.opaque());
        if terms.charset() {
            self.push(Param::token("charset", "UTF-8"));
        }
        if terms.userhash() {
            self.push(Param::token("userhash", "true"));
        }
        self.push(Param::quoted("nonce", ""));
    }

    const fn push_some(&mut self, name: &'a str, value: Option<&'a str>) {
        if let Some(value) = value {
            self.push(Param::quoted(name, value));
        }
    }
}

/// The parameters of an own scheme: each name once, and `realm` has a place of its own.
const fn check_own(params: &[Param<'_>]) -> Result<(), BadDeclaration> {
    if params.len() > MAX_OWN_PARAMS {
        return Err(BadDeclaration::TooManyParams);
    }
    let mut rest = params;
    while let [first, others @ ..] = rest {
        if check_token(first.name).is_err() || first.name.eq_ignore_ascii_case("realm") {
            return Err(BadDeclaration::ParamName);
        }
        let mut behind = others;
        while let [other, further @ ..] = behind {
            if first.name.eq_ignore_ascii_case(other.name) {
                return Err(BadDeclaration::ParamName);
            }
            behind = further;
        }
        let checked = match first.value {
            Value::Token(text) => check_token(text),
            Value::Quoted(text) => check_quotable(text),
        };
        if let Err(bad) = checked {
            return Err(BadDeclaration::Param(bad));
        }
        rest = others;
    }
    Ok(())
}

/// Seconds in digits, as `max_age` is declared; at most 18 of them.
#[must_use]
pub const fn parse_seconds(digits: &str) -> Option<u64> {
    let mut rest = digits.as_bytes();
    if rest.is_empty() || rest.len() > 18 {
        return None;
    }
    let mut seconds = 0;
    while let [digit, others @ ..] = rest {
        if !digit.is_ascii_digit() {
            return None;
        }
        seconds = seconds * 10 + (*digit - b'0') as u64;
        rest = others;
    }
    Some(seconds)
}

/// One challenge of a [`Declaration`].
#[derive(Clone, Copy, Debug)]
pub struct DeclaredChallenge<'a> {
    scheme: &'a str,
    params: [Param<'a>; MOST_PARAMS],
    count: usize,
}

impl DeclaredChallenge<'_> {
    /// The challenge.
    #[must_use]
    pub const fn get(&self) -> Challenge<'_> {
        Challenge::new(self.scheme, self.params.split_at(self.count).0)
    }
}

impl fmt::Display for DeclaredChallenge<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.get().fmt(f)
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use std::string::ToString as _;

    use super::{BadDeclaration, Carrier, ChallengeKind, Declaration, parse_seconds};
    use crate::{Challenges, DigestAlgorithm, Param};

    // D-1, D-2, D-18, D-20, N-5: and what is written is read again.
    #[test]
    fn digest_has_a_challenge_for_each_algorithm_d1_d2_d18() {
        use DigestAlgorithm::{Md5, Sha512_256Sess};
        const DECLARED: Declaration<'_> = Declaration::digest("a \"b\"")
            .with_algorithms(&[Sha512_256Sess, Md5])
            .offering_auth_int()
            .with_domain("/a /b")
            .with_opaque("5ccc069c403ebaf9f0171e9517f40e41")
            .with_userhash();
        static TEXT: [u8; DECLARED.text_len()] = DECLARED.text();
        const CUT: [&str; DECLARED.kinds()] = DECLARED.cut(&TEXT);
        assert_eq!(
            CUT,
            [
                r#"Digest realm="a \"b\"", domain="/a /b", qop="auth, auth-int", algorithm=SHA-512-256-sess, opaque="5ccc069c403ebaf9f0171e9517f40e41", charset=UTF-8, userhash=true, nonce="""#,
                r#"Digest realm="a \"b\"", domain="/a /b", qop="auth, auth-int", algorithm=MD5, opaque="5ccc069c403ebaf9f0171e9517f40e41", charset=UTF-8, userhash=true, nonce="""#,
            ]
        );
        for text in CUT {
            let mut challenges = Challenges::new(text.as_bytes());
            let read = challenges.next().unwrap().unwrap();
            assert_eq!(read.params().count(), 8);
            for (name, quoted) in [
                ("realm", true),
                ("domain", true),
                ("qop", true),
                ("opaque", true),
                ("nonce", true),
                ("algorithm", false),
                ("charset", false),
                ("userhash", false),
            ] {
                assert_eq!(read.param(name).unwrap().is_quoted(), quoted, "{name}");
            }
            assert!(challenges.next().is_none());
        }
        let plain = Declaration::digest("API").without_charset();
        assert_eq!(
            plain.nth(0).to_string(),
            r#"Digest realm="API", qop="auth", algorithm=SHA-256, nonce="""#
        );
    }

    // D-18
    #[test]
    fn digest_that_cannot_be_offered_is_refused_d18() {
        let digest = Declaration::digest("API");
        for (refused, why) in [
            (digest.with_algorithms(&[]), BadDeclaration::NoAlgorithm),
            (
                digest.with_algorithms(&[DigestAlgorithm::Md5; 2]),
                BadDeclaration::RepeatedAlgorithm,
            ),
            (
                digest.with_algorithms(&[DigestAlgorithm::Md5; 7]),
                BadDeclaration::RepeatedAlgorithm,
            ),
            (digest.with_domain("a"), BadDeclaration::RelativeDomain),
            (digest.with_opaque(""), BadDeclaration::EmptyOpaque),
        ] {
            assert_eq!(refused.check(), Err(why));
        }
        let opaque = digest.with_opaque("a\"b").check();
        assert!(matches!(opaque, Err(BadDeclaration::Opaque(_))));
        assert!(
            digest
                .with_algorithms(&DigestAlgorithm::ALL)
                .check()
                .is_ok()
        );
    }

    fn all(declaration: Declaration<'_>) -> [std::string::String; 8] {
        ChallengeKind::ALL.map(|kind| declaration.challenge(kind).to_string())
    }

    // T-7, T-9, T-10, T-11, N-3
    #[test]
    fn bearer_tells_errors_and_nothing_when_nothing_was_presented() {
        assert_eq!(
            all(Declaration::bearer("API").with_scope("a b")),
            [
                r#"Bearer realm="API", scope="a b""#,
                r#"Bearer realm="API", scope="a b""#,
                r#"Bearer realm="API", scope="a b", error="invalid_request""#,
                r#"Bearer realm="API", scope="a b", error="invalid_token", error_description="Token invalid""#,
                r#"Bearer realm="API", scope="a b", error="invalid_token", error_description="Token expired""#,
                r#"Bearer realm="API", scope="a b", error="invalid_token", error_description="Token revoked""#,
                r#"Bearer realm="API", scope="a b", error="insufficient_scope""#,
                r#"Bearer realm="API", scope="a b", error="insufficient_user_authentication""#,
            ]
        );
    }

    // S-1, N-3: what is needed is told to whom it is missing, and to nobody else.
    #[test]
    fn step_up_says_what_is_needed_s1() {
        let [plain, .., last] = all(Declaration::bearer("API")
            .with_acr_values("urn:mfa pwd")
            .with_max_age("300"));
        assert_eq!(plain, r#"Bearer realm="API""#);
        assert_eq!(
            last,
            r#"Bearer realm="API", error="insufficient_user_authentication", acr_values="urn:mfa pwd", max_age="300""#
        );
    }

    // R-1, N-3, DD11: the places of all parameters, whatever the realm says.
    #[test]
    fn metadata_stand_behind_what_is_told_and_before_the_description_r1_n3() {
        let url = "https://api.example/.well-known/oauth-protected-resource/mcp";
        for realm in ["API", r#"a", error_description="b\"#, "scope=x error=y"] {
            let bearer = Declaration::bearer(realm)
                .with_scope("a b")
                .with_acr_values("mfa")
                .with_max_age("300")
                .with_error_when_missing("missing_token");
            for kind in ChallengeKind::ALL {
                let without = bearer.challenge(kind).to_string();
                let text = bearer.challenge_with_metadata(kind, url).to_string();
                let read =
                    |text: &str| -> std::vec::Vec<(std::string::String, std::string::String)> {
                        let mut read = Challenges::new(text.as_bytes());
                        let challenge = read.next().unwrap().unwrap();
                        assert!(read.next().is_none(), "{text}");
                        let params = challenge.params();
                        params
                            .map(|param| (param.name.to_string(), param.value.to_string()))
                            .collect()
                    };
                let (mut params, others) = (read(&text), read(&without));
                let at = params
                    .iter()
                    .position(|(name, _)| name == "resource_metadata")
                    .unwrap();
                let before: std::vec::Vec<_> =
                    params[..at].iter().map(|(name, _)| &**name).collect();
                match kind {
                    ChallengeKind::Plain => assert_eq!(before, ["realm", "scope"]),
                    _ => assert_eq!(before, ["realm", "scope", "error"], "{text}"),
                }
                let (_, value) = params.remove(at);
                assert_eq!(value, url, "{text}");
                assert_eq!(params, others, "{text}");
                assert_eq!(params[0].1, realm, "{text}");
            }
        }
    }

    #[test]
    fn a_scheme_that_tells_no_errors_names_no_metadata() {
        for declaration in [
            Declaration::basic("API"),
            Declaration::api_key("API", "X-API-Key"),
            Declaration::own("Signed", "API", &[]),
        ] {
            for kind in ChallengeKind::ALL {
                assert_eq!(
                    declaration
                        .challenge_with_metadata(kind, "https://a")
                        .to_string(),
                    declaration.challenge(kind).to_string()
                );
            }
        }
    }

    #[test]
    fn a_cookie_is_told_where_the_scheme_tells_carriers() {
        let [plain, ..] = all(Declaration::api_key_in_cookie("API", "session"));
        assert_eq!(plain, r#"ApiKey realm="API", in="cookie", name="session""#);
        let bearer = Declaration::bearer("API").in_cookie("session");
        assert_eq!(bearer.carrier(), Carrier::Cookie("session"));
        assert_eq!(all(bearer)[0], r#"Bearer realm="API""#);
    }

    #[test]
    fn carriers_meet_as_their_names_do() {
        assert!(Carrier::Field("X-Key").is(Carrier::Field("x-key")));
        assert!(Carrier::Cookie("a").is(Carrier::Cookie("a")));
        assert!(!Carrier::Cookie("a").is(Carrier::Cookie("A")));
        assert!(!Carrier::Cookie("a").is(Carrier::Cookie("ab")));
        assert!(!Carrier::Cookie("a").is(Carrier::Field("a")));
    }

    #[test]
    fn own_schemes_have_parameters_of_their_own() {
        let params = [
            Param::token("algorithm", "hmac-sha256"),
            Param::quoted("headers", "date \"x\""),
        ];
        let [first, .., last] = all(Declaration::own("Signed", "API", &params).with_scope("a"));
        assert_eq!(
            first,
            r#"Signed realm="API", algorithm=hmac-sha256, headers="date \"x\"""#
        );
        assert_eq!(first, last);
    }

    #[test]
    fn own_parameters_are_checked() {
        let check = |params: &[Param<'_>]| Declaration::own("Signed", "API", params).check();
        assert_eq!(check(&[Param::quoted("a", "x")]), Ok(()));
        for name in ["", "a b", "Realm"] {
            assert_eq!(
                check(&[Param::quoted(name, "x")]),
                Err(BadDeclaration::ParamName),
                "{name:?}"
            );
        }
        assert_eq!(
            check(&[Param::quoted("a", "x"), Param::quoted("A", "y")]),
            Err(BadDeclaration::ParamName)
        );
        for param in [
            Param::quoted("a", "x\ny"),
            Param::token("a", "x y"),
            Param::token("a", ""),
        ] {
            assert!(
                matches!(check(&[param]), Err(BadDeclaration::Param(_))),
                "{param:?}"
            );
        }
        let name = ["a", "b", "c", "d", "e", "f", "g", "h", "i"];
        let nine = name.map(|name| Param::quoted(name, "x"));
        assert_eq!(check(&nine[..8]), Ok(()));
        assert_eq!(check(&nine), Err(BadDeclaration::TooManyParams));
        let [.., last] = all(Declaration::own("Signed", "API", &nine[..8]));
        assert!(last.ends_with(r#", h="x""#), "{last}");
    }

    #[test]
    fn seconds_are_digits() {
        assert_eq!(parse_seconds("0"), Some(0));
        assert_eq!(parse_seconds("300"), Some(300));
        for bad in ["", "-1", "+1", "1.5", "1 ", "0x1", "1000000000000000000"] {
            assert_eq!(parse_seconds(bad), None, "{bad:?}");
        }
    }

    // E-3
    #[test]
    fn an_error_when_missing_is_sent_when_it_was_asked_for() {
        let [plain, missing, ..] =
            all(Declaration::bearer("API").with_error_when_missing("missing_token"));
        assert_eq!(plain, r#"Bearer realm="API""#);
        assert_eq!(missing, r#"Bearer realm="API", error="missing_token""#);
    }

    // B-1, B-2, E-1, E-7, A-2
    #[test]
    fn other_schemes_tell_no_errors() {
        for (declaration, text) in [
            (
                Declaration::basic("Dev zone"),
                r#"Basic realm="Dev zone", charset="UTF-8""#,
            ),
            (
                Declaration::basic("Dev zone").without_charset(),
                r#"Basic realm="Dev zone""#,
            ),
            (
                Declaration::api_key("API", "X-API-Key"),
                r#"ApiKey realm="API", in="header", name="X-API-Key""#,
            ),
            (
                Declaration::named_after_field("API", "X-API-Key"),
                r#"X-API-Key realm="API""#,
            ),
        ] {
            assert_eq!(declaration.kinds(), 1);
            assert_eq!(
                all(declaration.with_scope("a")),
                [(); 8].map(|()| text.to_string())
            );
        }
    }

    #[test]
    fn constants_are_the_same_as_text() {
        const DECLARED: Declaration<'static> = Declaration::bearer("say \"hi\\\"").with_scope("a");
        static TEXT: [u8; DECLARED.text_len()] = DECLARED.text();
        const CUT: [&str; DECLARED.kinds()] = DECLARED.cut(&TEXT);
        assert_eq!(all(DECLARED), CUT);
    }

    // H-9
    #[test]
    fn what_is_declared_is_read_back() {
        for text in all(Declaration::bearer("say \"hi\\\"").with_scope("a b")) {
            let mut read = Challenges::new(text.as_bytes());
            let challenge = read.next().and_then(Result::ok);
            assert!(
                challenge.is_some_and(|it| it
                    .param("realm")
                    .is_some_and(|it| it.eq_str("say \"hi\\\""))),
                "{text}"
            );
            assert!(read.next().is_none());
        }
    }

    // H-10, H-11, T-14
    #[test]
    fn what_cannot_be_sent_is_refused() {
        assert_eq!(
            Declaration::basic("").check(),
            Err(BadDeclaration::EmptyRealm)
        );
        for realm in ["a\r\nb", "\0", "caf\u{e9}", "\u{7f}"] {
            assert!(
                matches!(
                    Declaration::basic(realm).check(),
                    Err(BadDeclaration::Realm(_))
                ),
                "{realm:?}"
            );
        }
        for scope in ["", " a", "a ", "a  b", "a\"", "a\\", "\u{e9}"] {
            assert!(
                matches!(
                    Declaration::bearer("API").with_scope(scope).check(),
                    Err(BadDeclaration::Scope(_))
                ),
                "{scope:?}"
            );
        }
        assert!(matches!(
            Declaration::api_key("API", "X Y").check(),
            Err(BadDeclaration::Field(_))
        ));
        assert!(matches!(
            Declaration::named_after_field("API", "").check(),
            Err(BadDeclaration::Scheme(_))
        ));
        assert!(matches!(
            Declaration::bearer("API")
                .with_error_when_missing("a\"")
                .check(),
            Err(BadDeclaration::Error(_))
        ));
        assert!(matches!(
            Declaration::bearer("API").in_cookie("a b").check(),
            Err(BadDeclaration::Cookie(_))
        ));
        for values in ["", "a  b", "a\""] {
            assert!(matches!(
                Declaration::bearer("API").with_acr_values(values).check(),
                Err(BadDeclaration::AcrValues(_))
            ));
        }
        assert_eq!(
            Declaration::bearer("API").with_max_age("5m").check(),
            Err(BadDeclaration::MaxAge)
        );
        for declared in [
            Declaration::basic("API").with_max_age("5"),
            Declaration::api_key("API", "X-Key").with_acr_values("a"),
        ] {
            assert_eq!(declared.check(), Err(BadDeclaration::NoStepUp));
        }
    }
}
