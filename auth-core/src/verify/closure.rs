//! A closure as a verifier.

use core::fmt;
use core::future::{Future, ready};
use core::pin::Pin;
use std::sync::Arc;

use super::{Verified, Verifier};
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::Scheme;

type Check<S, I> =
    dyn Fn(<S as Scheme>::Credentials<'_>) -> Result<Verified<I>, Cause> + Send + Sync;

type AsyncCheck<S, I> = dyn Fn(<S as Scheme>::Owned) -> Pin<Box<dyn Future<Output = Result<Verified<I>, Cause>> + Send>>
    + Send
    + Sync;

/// A verifier from a closure that answers at once.
///
/// ```
/// use auth_core::{Bearer, BearerToken, Cause, FnVerifier, Verified};
///
/// struct App { tokens: FnVerifier<Bearer, &'static str> }
///
/// let app = App {
///     tokens: FnVerifier::new(|token: BearerToken<'_>| {
///         // compare secrets in constant time
///         match token.expose().len() {
///             32 => Ok(Verified::new("somebody")),
///             _ => Err(Cause::InvalidCredentials),
///         }
///     }),
/// };
/// # let _ = app.tokens;
/// ```
pub struct FnVerifier<S: Scheme, I>(Arc<Check<S, I>>);

/// A verifier from a closure that awaits. It is given the credentials as its own
/// ([`Scheme::Owned`]), so that they may live across an `await`.
///
/// ```
/// use auth_core::{AsyncFnVerifier, Bearer, Cause, Secret, Verified};
///
/// let tokens = AsyncFnVerifier::<Bearer, String>::new(|token: Secret<String>| async move {
///     match look_up(token.expose()).await {
///         Some(name) => Ok(Verified::new(name)),
///         None => Err(Cause::InvalidCredentials),
///     }
/// });
/// # let _ = tokens;
/// # async fn look_up(_: &str) -> Option<String> { None }
/// ```
pub struct AsyncFnVerifier<S: Scheme, I>(Arc<AsyncCheck<S, I>>);

/// Why a closure is no verifier of Digest, and what may be one instead.
macro_rules! no_nonces {
    ($users:literal) => {
        concat!(
            "a closure gives no nonces, which challenges of Digest need: use `auth_core::digest::DigestVerifier`, whose users may be a closure, in `auth_core::digest::",
            $users,
            "`"
        )
    };
}

impl<S: Scheme, I> FnVerifier<S, I> {
    /// Wraps the closure.
    ///
    /// It gives no nonces, so it does not compile for [`Digest`](crate::Digest): there the users may be a closure.
    ///
    /// ```compile_fail,E0080
    /// use auth_core::{Cause, Digest, DigestCredentials, FnVerifier};
    ///
    /// let users = FnVerifier::<Digest, String>::new(|_: DigestCredentials<'_>| Err(Cause::InvalidCredentials));
    /// ```
    pub fn new(
        check: impl Fn(S::Credentials<'_>) -> Result<Verified<I>, Cause> + Send + Sync + 'static,
    ) -> Self {
        const { assert!(!S::OPEN_CHALLENGES, no_nonces!("DigestUsersFn")) }
        Self(Arc::new(check))
    }
}

impl<S: Scheme, I> AsyncFnVerifier<S, I> {
    /// Wraps the closure.
    ///
    /// It gives no nonces, so it does not compile for [`Digest`](crate::Digest): there the users may be a closure.
    ///
    /// ```compile_fail,E0080
    /// use auth_core::{AsyncFnVerifier, Cause, Digest, DigestCredentials};
    ///
    /// let users = AsyncFnVerifier::<Digest, String>::new(|_: DigestCredentials<'static>| async move {
    ///     Err(Cause::InvalidCredentials)
    /// });
    /// ```
    pub fn new<Fut>(check: impl Fn(S::Owned) -> Fut + Send + Sync + 'static) -> Self
    where
        Fut: Future<Output = Result<Verified<I>, Cause>> + Send + 'static,
    {
        const { assert!(!S::OPEN_CHALLENGES, no_nonces!("AsyncDigestUsersFn")) }
        Self(Arc::new(move |credentials| Box::pin(check(credentials))))
    }
}

impl<S: Scheme, I> Clone for FnVerifier<S, I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Scheme, I> Clone for AsyncFnVerifier<S, I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Scheme, I> fmt::Debug for FnVerifier<S, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FnVerifier(..)")
    }
}

impl<S: Scheme, I> fmt::Debug for AsyncFnVerifier<S, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AsyncFnVerifier(..)")
    }
}

impl<S: Scheme, I: Clone + Send + Sync + 'static> Verifier for FnVerifier<S, I> {
    type Scheme = S;
    type Identity = I;

    fn verify<'r>(
        &'r self,
        credentials: S::Credentials<'r>,
        _request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<I>, Cause>> + Send + 'r {
        ready((self.0)(credentials))
    }
}

impl<S: Scheme, I: Clone + Send + Sync + 'static> Verifier for AsyncFnVerifier<S, I> {
    type Scheme = S;
    type Identity = I;

    fn verify<'r>(
        &'r self,
        credentials: S::Credentials<'r>,
        _request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<I>, Cause>> + Send + 'r {
        (self.0)(S::to_owned(credentials))
    }
}
