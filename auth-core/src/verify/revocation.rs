//! Whether a token that is valid by itself was taken back.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::sync::Arc;

use crate::observe;
use crate::refusal::{Cause, Detail};
use crate::verify::StoreDown;

/// What a verifier knows of a token whose signature held, or that its issuer has vouched for.
///
/// The tests of a [`RevocationCheck`] make their own:
///
/// ```
/// use auth_core::TokenFacts;
/// let token = TokenFacts::new("https://login.example.com").with_jti("a5c1…").with_subject("ann");
/// assert_eq!(token.jti(), Some("a5c1…"));
/// assert_eq!(token.issued_at(), None);
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct TokenFacts {
    pub(crate) issuer: Arc<str>,
    pub(crate) subject: Option<Box<str>>,
    pub(crate) client_id: Option<Box<str>>,
    pub(crate) jti: Option<Box<str>>,
    pub(crate) issued_at: Option<u64>,
    pub(crate) expires_at: Option<u64>,
}

impl TokenFacts {
    /// A token of this issuer, of which nothing else is known.
    pub fn new(issuer: impl Into<Arc<str>>) -> Self {
        Self {
            issuer: issuer.into(),
            subject: None,
            client_id: None,
            jti: None,
            issued_at: None,
            expires_at: None,
        }
    }

    /// With `sub`.
    #[must_use]
    pub fn with_subject(mut self, subject: impl Into<Box<str>>) -> Self {
        self.subject = Some(subject.into());
        self
    }

    /// With `client_id`.
    #[must_use]
    pub fn with_client_id(mut self, client_id: impl Into<Box<str>>) -> Self {
        self.client_id = Some(client_id.into());
        self
    }

    /// With `jti`.
    #[must_use]
    pub fn with_jti(mut self, jti: impl Into<Box<str>>) -> Self {
        self.jti = Some(jti.into());
        self
    }

    /// With `iat`, in whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn with_issued_at(mut self, unix_seconds: u64) -> Self {
        self.issued_at = Some(unix_seconds);
        self
    }

    /// With `exp`, in whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn with_expires_at(mut self, unix_seconds: u64) -> Self {
        self.expires_at = Some(unix_seconds);
        self
    }

    /// `iss`: who issued it.
    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// `sub`: about whom it is.
    #[must_use]
    pub fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// `client_id`: which client it was issued to.
    #[must_use]
    pub fn client_id(&self) -> Option<&str> {
        self.client_id.as_deref()
    }

    /// `jti`: its own name, unique within its issuer.
    #[must_use]
    pub fn jti(&self) -> Option<&str> {
        self.jti.as_deref()
    }

    /// `iat`, in whole seconds since 1970-01-01T00:00:00Z.
    #[must_use]
    pub fn issued_at(&self) -> Option<u64> {
        self.issued_at
    }

    /// `exp`, in whole seconds since 1970-01-01T00:00:00Z. Only the answer of an introspection may lack it.
    #[must_use]
    pub fn expires_at(&self) -> Option<u64> {
        self.expires_at
    }
}

/// Prints nothing of the token.
impl fmt::Debug for TokenFacts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TokenFacts([redacted])")
    }
}

/// How tokens are taken back before they expire: a choice that every verifier of tokens asks for.
///
/// ```
/// use auth_core::{Revocation, TokenFacts};
/// use std::collections::HashSet;
/// use std::sync::{Arc, RwLock};
///
/// // They are not: a token is good until it expires.
/// let none = Revocation::None;
///
/// // By a rule of yours.
/// let dismissed: Arc<RwLock<HashSet<String>>> = Arc::default();
/// let rule = Revocation::when(move |token: &TokenFacts| {
///     let Ok(dismissed) = dismissed.read() else { return true };
///     token.subject().is_none_or(|subject| dismissed.contains(subject))
/// });
/// # let _ = (none, rule);
/// ```
///
/// It is asked for every request, also where the [verified-token cache](crate::jwt::JwtVerifier::with_cache) knows the token:
/// what is revoked is refused from then on, with [`Cause::TokenRevoked`].
#[derive(Clone)]
#[non_exhaustive]
pub enum Revocation {
    /// No token is taken back. Keep them short-lived.
    None,
    /// By a store or a rule; made with [`Revocation::by`] and [`Revocation::when`].
    By(Arc<dyn RevocationCheck>),
}

impl Revocation {
    /// By a store: `auth_core::store::Revocations`, which is durable (feature `revocation-store`), or one of yours. Keep a
    /// handle to it for revoking.
    pub fn by(check: impl RevocationCheck) -> Self {
        Self::By(Arc::new(check))
    }

    /// By a rule: tokens for which it says `true` are revoked. It runs for every request, so it must not block.
    pub fn when(rule: impl Fn(&TokenFacts) -> bool + Send + Sync + 'static) -> Self {
        Self::by(Rule(rule))
    }

    /// By either.
    #[must_use]
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::None, other) => other,
            (this, Self::None) => this,
            (Self::By(first), Self::By(second)) => Self::by(Either(first, second)),
        }
    }

    /// # Errors
    /// [`Cause::TokenRevoked`], or [`Cause::Unavailable`] if the store does not answer.
    pub(crate) async fn check(&self, token: &TokenFacts) -> Result<(), Cause> {
        let Self::By(check) = self else {
            return Ok(());
        };
        let (result, word) = match check.is_revoked(token).answer().await {
            Ok(false) => (Ok(()), "good"),
            Ok(true) => (Err(Cause::TokenRevoked), "revoked"),
            Err(down) => (Err(down.cause()), "store_down"),
        };
        observe::revocation_checked(word);
        result
    }
}

impl fmt::Debug for Revocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::None => "Revocation::None",
            Self::By(_) => "Revocation::By(..)",
        })
    }
}

/// Knows which tokens are revoked.
///
/// ```
/// use auth_core::{RevocationAnswer, RevocationCheck, StoreDown, TokenFacts};
///
/// struct Shared { /* a connection to a server that several instances share */ }
///
/// impl Shared {
///     async fn find(&self, jti: &str) -> Result<bool, StoreDown> {
///         // …
/// #       let _ = jti;
/// #       Ok(false)
///     }
/// }
///
/// impl RevocationCheck for Shared {
///     fn is_revoked<'a>(&'a self, token: &'a TokenFacts) -> RevocationAnswer<'a> {
///         match token.jti() {
///             Some(jti) => RevocationAnswer::later(self.find(jti)),
///             // It could not be taken back by its name.
///             None => RevocationAnswer::now(true),
///         }
///     }
/// }
/// ```
pub trait RevocationCheck: Send + Sync + 'static {
    /// Whether this token is revoked. It is asked for every request that presents a good token.
    fn is_revoked<'a>(&'a self, token: &'a TokenFacts) -> RevocationAnswer<'a>;
}

impl<C: RevocationCheck + ?Sized> RevocationCheck for Arc<C> {
    fn is_revoked<'a>(&'a self, token: &'a TokenFacts) -> RevocationAnswer<'a> {
        C::is_revoked(self, token)
    }
}

/// Whether a token is revoked: at once from memory, or after asking somebody.
pub struct RevocationAnswer<'a>(When<'a>);

enum When<'a> {
    Now(Result<bool, StoreDown>),
    Later(Pin<Box<dyn Future<Output = Result<bool, StoreDown>> + Send + 'a>>),
}

impl<'a> RevocationAnswer<'a> {
    /// An answer from memory.
    #[must_use]
    pub fn now(revoked: bool) -> Self {
        Self(When::Now(Ok(revoked)))
    }

    /// No answer.
    #[must_use]
    pub fn down(why: impl Into<Detail>) -> Self {
        Self(When::Now(Err(StoreDown::new(why))))
    }

    /// An answer that has to be waited for.
    pub fn later(answer: impl Future<Output = Result<bool, StoreDown>> + Send + 'a) -> Self {
        Self(When::Later(Box::pin(answer)))
    }

    /// Whether it is revoked: for stores that ask another one, and for their tests.
    ///
    /// # Errors
    /// [`StoreDown`] if the store does not answer.
    pub async fn answer(self) -> Result<bool, StoreDown> {
        match self.0 {
            When::Now(answer) => answer,
            When::Later(answer) => answer.await,
        }
    }
}

impl fmt::Debug for RevocationAnswer<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RevocationAnswer")
    }
}

struct Rule<F>(F);

impl<F: Fn(&TokenFacts) -> bool + Send + Sync + 'static> RevocationCheck for Rule<F> {
    fn is_revoked<'a>(&'a self, token: &'a TokenFacts) -> RevocationAnswer<'a> {
        RevocationAnswer::now(self.0(token))
    }
}

struct Either(Arc<dyn RevocationCheck>, Arc<dyn RevocationCheck>);

impl RevocationCheck for Either {
    fn is_revoked<'a>(&'a self, token: &'a TokenFacts) -> RevocationAnswer<'a> {
        match self.0.is_revoked(token).0 {
            When::Now(Ok(false)) => self.1.is_revoked(token),
            When::Later(first) => RevocationAnswer::later(async move {
                Ok(first.await? || self.1.is_revoked(token).answer().await?)
            }),
            decided @ When::Now(_) => RevocationAnswer(decided),
        }
    }
}
