//! What requests can carry, and the application that judges it.

use std::fmt;

use auth_core::{
    ApiKey, ApiKeyCredentials, AuthState, Basic, BasicCredentials, Bearer, BearerToken, Cause,
    FnVerifier, Verified,
};
use http::Request;

/// The schemes: a token, one whose issuer is another one, a password (all three in `Authorization`), a token in
/// a cookie, a key, and a key of another verifier.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    Token,
    Partner,
    User,
    Session,
    Key,
    Second,
}

impl Leaf {
    pub fn is_in_authorization(self) -> bool {
        matches!(self, Self::Token | Self::Partner | Self::User)
    }

    /// Two verifiers judge the same tokens.
    pub fn credentials(self) -> Self {
        match self {
            Self::Partner => Self::Token,
            other => other,
        }
    }

    pub fn accepts(self, value: &str) -> bool {
        match self {
            Self::Token => matches!(value, "token" | "both"),
            Self::Partner => matches!(value, "partner" | "both"),
            // `ada:`
            Self::User => value == "YWRhOg==",
            Self::Session => value == "session",
            Self::Key => value == "key",
            Self::Second => value == "second",
        }
    }

    pub fn identity(self) -> &'static str {
        match self {
            Self::Token => "by token",
            Self::Partner => "by partner",
            Self::User => "by password",
            Self::Session => "by session",
            Self::Key => "by key",
            Self::Second => "by second key",
        }
    }

    pub fn scheme(self) -> &'static str {
        match self {
            Self::Token | Self::Partner | Self::Session => "Bearer",
            Self::User => "Basic",
            Self::Key | Self::Second => "ApiKey",
        }
    }

    pub fn challenge(self) -> &'static str {
        match self {
            Self::Token | Self::Partner => r#"Bearer realm="T""#,
            Self::User => r#"Basic realm="U", charset="UTF-8""#,
            Self::Session => r#"Bearer realm="S""#,
            Self::Key => r#"ApiKey realm="K", in="header", name="X-Key""#,
            Self::Second => r#"ApiKey realm="K", in="header", name="X-Second""#,
        }
    }

    /// The challenge of the scheme whose credentials were judged: Bearer says why.
    pub fn challenge_of_rejected(self) -> &'static str {
        match self {
            Self::Token | Self::Partner => {
                r#"Bearer realm="T", error="invalid_token", error_description="Token invalid""#
            }
            Self::Session => {
                r#"Bearer realm="S", error="invalid_token", error_description="Token invalid""#
            }
            other => other.challenge(),
        }
    }
}

/// What a request carries.
#[derive(Clone, Copy, Default)]
pub struct Sent {
    pub authorization: Option<&'static str>,
    pub session: Option<&'static str>,
    pub key: Option<&'static str>,
    pub second: Option<&'static str>,
}

impl Sent {
    /// Everything that one request can carry, absent, valid and invalid.
    pub fn all() -> impl Iterator<Item = Self> {
        let authorizations = [
            None,
            Some("Bearer token"),
            Some("Bearer partner"),
            Some("Bearer both"),
            Some("Bearer wrong"),
            Some("Basic YWRhOg=="),
            Some("Basic ZXZlOg=="),
            Some("Digest username=\"ada\""),
            // No scheme at all.
            Some("\"Bearer\" token"),
        ];
        let sessions = [None, Some("session"), Some("stolen")];
        let keys = [None, Some("key"), Some("wrong")];
        // What the first verifier would accept is no key of the second one.
        let seconds = [None, Some("second"), Some("key")];
        authorizations.into_iter().flat_map(move |authorization| {
            sessions.into_iter().flat_map(move |session| {
                keys.into_iter().flat_map(move |key| {
                    seconds.into_iter().map(move |second| Self {
                        authorization,
                        session,
                        key,
                        second,
                    })
                })
            })
        })
    }

    /// What is presented to a leaf.
    pub fn to(&self, leaf: Leaf) -> Option<&'static str> {
        let behind = |scheme: &str| self.authorization?.strip_prefix(scheme);
        match leaf {
            Leaf::Token | Leaf::Partner => behind("Bearer "),
            Leaf::User => behind("Basic "),
            Leaf::Session => self.session,
            Leaf::Key => self.key,
            Leaf::Second => self.second,
        }
    }

    pub fn request(&self) -> Request<()> {
        let mut request = Request::builder();
        let cookie = self.session.map(|session| format!("a=b; id={session}"));
        for (name, value) in [
            ("authorization", self.authorization),
            ("cookie", cookie.as_deref()),
            ("x-key", self.key),
            ("x-second", self.second),
        ] {
            if let Some(value) = value {
                request = request.header(name, value);
            }
        }
        request.body(()).unwrap()
    }
}

impl fmt::Display for Sent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let parts = [
            ("Authorization", self.authorization),
            ("cookie", self.session),
            ("X-Key", self.key),
            ("X-Second", self.second),
        ];
        let mut nothing = true;
        for (name, value) in parts {
            if let Some(value) = value {
                write!(f, "[{name}: {value}] ")?;
                nothing = false;
            }
        }
        if nothing {
            f.write_str("nothing")
        } else {
            Ok(())
        }
    }
}

/// Whom a verifier yields.
#[derive(Clone)]
pub struct Who(&'static str);

/// Whom the handler sees: whatever comes, with its parentheses.
pub struct Seen(pub String);

impl From<Who> for Seen {
    fn from(who: Who) -> Self {
        Self(who.0.to_owned())
    }
}

impl<A: Into<Self>, B: Into<Self>> From<(A, B)> for Seen {
    fn from((a, b): (A, B)) -> Self {
        Self(format!("({}, {})", a.into().0, b.into().0))
    }
}

impl<A: Into<Self>, B: Into<Self>, C: Into<Self>> From<(A, B, C)> for Seen {
    fn from((a, b, c): (A, B, C)) -> Self {
        Self(format!("({}, {}, {})", a.into().0, b.into().0, c.into().0))
    }
}

/// The tag of the verifier of another issuer.
pub enum Partner {}
/// The tag of the verifier of other keys.
pub enum Second {}

#[derive(AuthState)]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, Who>,
    #[auth(Bearer, tag = Partner)]
    partner_tokens: FnVerifier<Bearer, Who>,
    #[auth(Basic)]
    users: FnVerifier<Basic, Who>,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, Who>,
    #[auth(ApiKey, tag = Second)]
    second_keys: FnVerifier<ApiKey, Who>,
}

fn known(who: Option<&'static str>) -> Result<Verified<Who>, Cause> {
    who.map(|name| Verified::new(Who(name)))
        .ok_or(Cause::InvalidCredentials)
}

pub fn app() -> App {
    App {
        tokens: FnVerifier::new(|token: BearerToken<'_>| {
            known(match token.expose() {
                "token" | "both" => Some("by token"),
                "session" => Some("by session"),
                _ => None,
            })
        }),
        partner_tokens: FnVerifier::new(|token: BearerToken<'_>| {
            let good = matches!(token.expose(), "partner" | "both");
            known(good.then_some("by partner"))
        }),
        users: FnVerifier::new(|user: BasicCredentials<'_>| {
            known((user.user_id() == "ada").then_some("by password"))
        }),
        keys: FnVerifier::new(|key: ApiKeyCredentials<'_>| {
            known((key.expose() == "key").then_some("by key"))
        }),
        second_keys: FnVerifier::new(|key: ApiKeyCredentials<'_>| {
            known((key.expose() == "second").then_some("by second key"))
        }),
    }
}
