//! What one member of a policy declares, and the challenge that follows for every reason to refuse.
//!
//! It stands here, and not in the runtime crate, because both write challenges with it: the macro
//! while it expands, from literals, and const evaluation, where a value stands behind a path.

use core::fmt;

use crate::{
    BadValue, Challenge, Param, check_error_text, check_quotable, check_scope, check_token,
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
}

impl ChallengeKind {
    /// All of them, by their numbers.
    pub const ALL: [Self; 7] = [
        Self::Plain,
        Self::Missing,
        Self::InvalidRequest,
        Self::Invalid,
        Self::Expired,
        Self::Revoked,
        Self::InsufficientScope,
    ];

    /// `error` and `error_description` (RFC 6750 §3, §3.1).
    const fn error(self) -> Option<(&'static str, Option<&'static str>)> {
        match self {
            Self::Plain | Self::Missing => None,
            Self::InvalidRequest => Some(("invalid_request", None)),
            Self::Invalid => Some(("invalid_token", Some("Token invalid"))),
            Self::Expired => Some(("invalid_token", Some("Token expired"))),
            Self::Revoked => Some(("invalid_token", Some("Token revoked"))),
            Self::InsufficientScope => Some(("insufficient_scope", None)),
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
    scope: Option<&'a str>,
    extra: Extra<'a>,
    error_when_missing: Option<&'a str>,
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
    Field(&'a str),
}

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
    /// The error code holds what RFC 6750 §3 forbids, or is empty.
    Error(BadValue),
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
        Self::new("ApiKey", realm, Extra::Field(field))
    }

    /// A key in the header field `field`, whose name is also that of the scheme: `X-API-Key realm="API"`.
    #[must_use]
    pub const fn named_after_field(realm: &'a str, field: &'a str) -> Self {
        Self::new(field, realm, Extra::Nothing)
    }

    const fn new(scheme: &'a str, realm: &'a str, extra: Extra<'a>) -> Self {
        Self {
            scheme,
            realm,
            scope: None,
            extra,
            error_when_missing: None,
        }
    }

    /// The scopes that are needed; told by schemes that define the parameter (Bearer).
    #[must_use]
    pub const fn with_scope(mut self, scope: &'a str) -> Self {
        self.scope = Some(scope);
        self
    }

    /// Leaves `charset` out.
    #[must_use]
    pub const fn without_charset(mut self) -> Self {
        if let Extra::Charset = self.extra {
            self.extra = Extra::Nothing;
        }
        self
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
        if let Extra::Field(name) = self.extra
            && let Err(bad) = check_token(name)
        {
            return Err(BadDeclaration::Field(bad));
        }
        if let Some(code) = self.error_when_missing
            && let Err(bad) = check_error_text(code)
        {
            return Err(BadDeclaration::Error(bad));
        }
        Ok(())
    }

    /// How many kinds of challenges differ: all, or one where the scheme tells no errors.
    #[must_use]
    pub const fn kinds(&self) -> usize {
        match self.extra {
            Extra::Errors => ChallengeKind::ALL.len(),
            _ => 1,
        }
    }

    /// The challenge of a kind, to be written.
    #[must_use]
    pub const fn challenge(&self, kind: ChallengeKind) -> DeclaredChallenge<'a> {
        let (params, count) = self.params(kind);
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
            total += self.challenge(ChallengeKind::ALL[kind]).get().written_len();
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
        let (mut at, mut kind) = (0, 0);
        while kind < self.kinds() {
            let challenge = self.challenge(ChallengeKind::ALL[kind]);
            at = match challenge.get().write_to(&mut text, at) {
                Ok(end) => end,
                Err(_) => panic!("the array must have `text_len()` octets"),
            };
            kind += 1;
        }
        text
    }

    /// Cuts what [`text`](Self::text) wrote into its challenges, by kind.
    ///
    /// # Panics
    /// When the text is another one's: a compile error where it is meant to be called.
    #[must_use]
    #[expect(
        clippy::panic,
        reason = "called in constants: the panic is a compile error"
    )]
    pub const fn cut<const K: usize>(&self, text: &'static [u8]) -> [&'static str; K] {
        let mut cut = [""; K];
        let (mut rest, mut kind) = (text, 0);
        while kind < K {
            let len = self.challenge(ChallengeKind::ALL[kind]).get().written_len();
            let Some((challenge, behind)) = rest.split_at_checked(len) else {
                panic!("these are the challenges of another declaration");
            };
            cut[kind] = match core::str::from_utf8(challenge) {
                Ok(challenge) => challenge,
                Err(_) => panic!("these are the challenges of another declaration"),
            };
            rest = behind;
            kind += 1;
        }
        cut
    }

    /// Realm first; what clients search for stands before `error_description`, whose words could be
    /// mistaken for it.
    const fn params(&self, kind: ChallengeKind) -> ([Param<'a>; 4], usize) {
        let mut params = [Param::quoted("realm", self.realm); 4];
        let mut count = 1;
        match self.extra {
            Extra::Nothing => {}
            Extra::Charset => {
                params[1] = Param::quoted("charset", "UTF-8");
                count = 2;
            }
            Extra::Field(name) => {
                params[1] = Param::quoted("in", "header");
                params[2] = Param::quoted("name", name);
                count = 3;
            }
            Extra::Errors => {
                if let Some(scope) = self.scope {
                    params[count] = Param::quoted("scope", scope);
                    count += 1;
                }
                let (error, description) = match (kind, kind.error()) {
                    (ChallengeKind::Missing, _) => (self.error_when_missing, None),
                    (_, Some((error, description))) => (Some(error), description),
                    (_, None) => (None, None),
                };
                if let Some(error) = error {
                    params[count] = Param::quoted("error", error);
                    count += 1;
                }
                if let Some(description) = description {
                    params[count] = Param::quoted("error_description", description);
                    count += 1;
                }
            }
        }
        (params, count)
    }
}

/// One challenge of a [`Declaration`].
#[derive(Clone, Copy, Debug)]
pub struct DeclaredChallenge<'a> {
    scheme: &'a str,
    params: [Param<'a>; 4],
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
    use std::string::ToString as _;

    use super::{BadDeclaration, ChallengeKind, Declaration};
    use crate::Challenges;

    fn all(declaration: Declaration<'_>) -> [std::string::String; 7] {
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
            ]
        );
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
                [(); 7].map(|()| text.to_string())
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
    }
}
