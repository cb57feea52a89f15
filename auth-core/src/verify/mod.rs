//! Who checks credentials: the [`Verifier`] trait, what it yields, and the verifiers that come along.

#[cfg(any(feature = "digest", feature = "passwords"))]
mod account;
mod any;
#[cfg(feature = "api-keys")]
mod api_keys;
mod closure;
#[cfg(feature = "digest")]
pub mod digest;
mod grants;
#[cfg(feature = "introspection")]
pub mod introspection;
#[cfg(feature = "jwt")]
pub mod jwt;
#[cfg(feature = "passwords")]
mod passwords;
#[cfg(any(feature = "api-keys", feature = "digest"))]
mod randomness;
#[cfg(feature = "jwt")]
mod revocation;
#[cfg(any(feature = "digest", feature = "jwt"))]
mod store_down;
#[cfg(any(feature = "digest", feature = "passwords"))]
mod text;
#[cfg(feature = "jwt")]
mod token_cache;

#[cfg(any(feature = "digest", feature = "passwords"))]
pub use account::Account;
pub use any::AnyVerifier;
#[cfg(feature = "api-keys")]
pub use api_keys::{ApiKeyGenerator, ApiKeyHash, ApiKeys, InvalidPrefix, NotAHash, UnusableKey};
pub use closure::{AsyncFnVerifier, FnVerifier};
pub use grants::Grants;
#[cfg(feature = "passwords")]
pub use passwords::{
    HashPasswordError, LimitExceeded, Passwords, PasswordsBuilder, PasswordsError, RefusedHash,
    hash_password,
};
#[cfg(any(feature = "api-keys", feature = "digest"))]
pub use randomness::NoRandomness;
#[cfg(feature = "jwt")]
pub use revocation::{Revocation, RevocationAnswer, RevocationCheck, TokenFacts};
#[cfg(any(feature = "digest", feature = "jwt"))]
pub use store_down::StoreDown;
#[cfg(feature = "revocation-store")]
pub(crate) use token_cache::Uniform;
#[cfg(feature = "jwt")]
pub use token_cache::{CacheLimits, CacheStats};

use core::fmt;
use core::future::Future;
use std::any::Any;
use std::sync::Arc;

use http::HeaderValue;

use crate::refusal::{Cause, OpenChallenge};
use crate::request::RequestView;
use crate::scheme::Scheme;

/// Checks credentials of one scheme.
///
/// ```
/// use auth_core::{BearerToken, Bearer, Cause, RequestView, Verified, Verifier};
///
/// #[derive(Clone)]
/// struct User { name: String }
/// struct Sessions { /* a database pool, say */ }
///
/// impl Verifier for Sessions {
///     type Scheme = Bearer;
///     type Identity = User;
///
///     async fn verify<'r>(
///         &'r self,
///         token: BearerToken<'r>,
///         _request: &'r RequestView<'r>,
///     ) -> Result<Verified<User>, Cause> {
///         match look_up(token.expose()).await {
///             Some(name) => Ok(Verified::new(User { name })),
///             None => Err(Cause::InvalidCredentials),
///         }
///     }
/// }
/// # async fn look_up(_: &str) -> Option<String> { None }
/// ```
///
/// # Errors
/// `verify` says *why* with a [`Cause`]; status, challenge and body follow from it. A store that does
/// not answer is [`Cause::Unavailable`], never [`Cause::InvalidCredentials`]: the credentials were not
/// judged.
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not check credentials",
    label = "not a verifier",
    note = "a verifier is one of `JwtVerifier`, `JwtIssuers`, `Introspection`, `Passwords`, `DigestVerifier`, `ApiKeys`, a closure in `FnVerifier` or `AsyncFnVerifier`, any of these in `AnyVerifier`, or a type of yours that implements `auth_core::Verifier`"
)]
pub trait Verifier: Send + Sync {
    /// The scheme whose credentials it checks.
    type Scheme: Scheme;

    /// Whom it yields.
    type Identity: Clone + Send + Sync + 'static;

    /// Checks one set of credentials: well formed, and not yet known to be anybody's.
    fn verify<'r>(
        &'r self,
        credentials: <Self::Scheme as Scheme>::Credentials<'r>,
        request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<Self::Identity>, Cause>> + Send + 'r;

    /// Puts the nonce into a challenge of [`Digest`](crate::Digest); verifiers of other schemes are never asked. It is asked
    /// for each challenge of each refusal, and must not wait. A verifier that asks another one for its answers hands this
    /// on to it as well.
    ///
    /// # Errors
    /// Why it has no nonce. The request is then refused for that reason: a challenge without a nonce is none.
    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        let _ = (challenge, request);
        Err(Cause::NotConfigured(
            "the verifier of Digest gives no nonces: use `auth_core::digest::DigestVerifier`, or implement `Verifier::complete`".into(),
        ))
    }
}

impl<V: Verifier> Verifier for Arc<V> {
    type Scheme = V::Scheme;
    type Identity = V::Identity;

    fn verify<'r>(
        &'r self,
        credentials: <Self::Scheme as Scheme>::Credentials<'r>,
        request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<Self::Identity>, Cause>> + Send + 'r {
        V::verify(self, credentials, request)
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        V::complete(self, challenge, request)
    }
}

/// Whom credentials were verified to belong to, and what they grant.
pub struct Verified<I> {
    pub(crate) identity: Held<I>,
    pub(crate) grants: Grants,
    /// The verifier has asked its own clock, with its leeway.
    time_checked: bool,
}

impl<I> Verified<I> {
    /// An identity without grants.
    pub fn new(identity: I) -> Self {
        Self {
            identity: Held::Owned(identity),
            grants: Grants::none(),
            time_checked: false,
        }
    }

    /// An identity that the verifier keeps: it is shared with the handler, not copied.
    pub fn shared(identity: Arc<I>) -> Self {
        Self {
            identity: Held::Shared(identity),
            grants: Grants::none(),
            time_checked: false,
        }
    }

    /// Several identities that were verified together.
    pub(crate) fn all(identities: I, grants: impl IntoIterator<Item = Grants>) -> Self {
        Self::new(identities).with_grants(Grants::merged(grants.into_iter()))
    }

    /// The identity.
    pub fn identity(&self) -> &I {
        self.identity.get()
    }

    /// What the credentials grant.
    pub fn grants(&self) -> &Grants {
        &self.grants
    }

    /// The same credentials as another identity: for a verifier that asks one of these and looks its user up.
    ///
    /// ```
    /// use auth_core::{Bearer, BearerToken, Cause, RequestView, Verified, Verifier};
    ///
    /// /// Checks tokens with `V`, and knows their users.
    /// struct Users<V> { tokens: V }
    ///
    /// #[derive(Clone)]
    /// struct Claims { sub: String }
    /// #[derive(Clone)]
    /// struct User { name: String }
    ///
    /// impl<V: Verifier<Scheme = Bearer, Identity = Claims>> Verifier for Users<V> {
    ///     type Scheme = Bearer;
    ///     type Identity = User;
    ///
    ///     async fn verify<'r>(
    ///         &'r self,
    ///         token: BearerToken<'r>,
    ///         request: &'r RequestView<'r>,
    ///     ) -> Result<Verified<User>, Cause> {
    ///         let verified = self.tokens.verify(token, request).await?;
    ///         match look_up(&verified.identity().sub).await {
    ///             Some(user) => Ok(verified.with_identity(user)),
    ///             None => Err(Cause::invalid_token("no such user")),
    ///         }
    ///     }
    /// }
    /// # async fn look_up(_: &str) -> Option<User> { None }
    /// ```
    #[must_use]
    pub fn with_identity<T>(self, identity: T) -> Verified<T> {
        Verified {
            identity: Held::Owned(identity),
            grants: self.grants,
            time_checked: self.time_checked,
        }
    }

    /// The same, with the identity in another form.
    #[cfg(feature = "registry")]
    pub(crate) fn map<T>(self, form: impl FnOnce(Held<I>) -> T) -> Verified<T> {
        Verified {
            identity: Held::Owned(form(self.identity)),
            grants: self.grants,
            time_checked: self.time_checked,
        }
    }

    /// Adds what the credentials grant. Once they have [ended](Grants::expiring_at), they are refused, by the clock of
    /// the [`Settings`](crate::Settings) and without the leeway of a verifier that was asked before.
    #[must_use]
    pub fn with_grants(mut self, grants: Grants) -> Self {
        self.grants = grants;
        self.time_checked = false;
        self
    }

    /// Says that the verifier has judged the time itself.
    #[cfg(feature = "jwt")]
    pub(crate) fn time_checked(mut self) -> Self {
        self.time_checked = true;
        self
    }

    pub(crate) fn has_ended(&self, request: &RequestView<'_>) -> bool {
        let ends = self.grants.expires_at().filter(|_| !self.time_checked);
        ends.is_some_and(|end| request.unix_seconds() >= end)
    }
}

impl<I> fmt::Debug for Verified<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Verified([redacted])")
    }
}

/// An identity that is the handler's own, or shared with the verifier that keeps it.
#[derive(Clone)]
pub(crate) enum Held<I> {
    Owned(I),
    Shared(Arc<I>),
}

impl<I> Held<I> {
    pub(crate) fn get(&self) -> &I {
        match self {
            Self::Owned(identity) => identity,
            Self::Shared(identity) => identity,
        }
    }

    pub(crate) fn into_owned(self) -> I
    where
        I: Clone,
    {
        match self {
            Self::Owned(identity) => identity,
            Self::Shared(identity) => Arc::unwrap_or_clone(identity),
        }
    }

    /// Converts. A shared identity that is wanted as it is stays shared: only a real conversion copies.
    pub(crate) fn convert<T>(self) -> Held<T>
    where
        I: Clone + Send + Sync + 'static,
        T: From<I> + Send + Sync + 'static,
    {
        match self {
            Self::Owned(identity) => Held::Owned(T::from(identity)),
            Self::Shared(identity) => {
                let same: Arc<dyn Any + Send + Sync> = Arc::<I>::clone(&identity);
                match same.downcast::<T>() {
                    Ok(same) => Held::Shared(same),
                    Err(other) => {
                        drop(other);
                        Held::Owned(T::from(Arc::unwrap_or_clone(identity)))
                    }
                }
            }
        }
    }
}
