//! A verifier whose type is not written out.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::sync::Arc;

use http::HeaderValue;

use super::{Verified, Verifier};
use crate::refusal::{Cause, OpenChallenge};
use crate::request::RequestView;
use crate::scheme::Scheme;

/// Any verifier of scheme `S` that yields `I`, behind one type: for a state whose verifiers are chosen
/// at start, by configuration or by a test. It costs one allocation for each check.
///
/// ```
/// use auth_core::{AnyVerifier, AuthState, Basic, BasicCredentials, Cause, FnVerifier, Verified};
///
/// #[derive(Clone)]
/// struct User { name: String }
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Basic)]
///     users: AnyVerifier<Basic, User>,
/// }
///
/// // in a test; `AnyVerifier::new(passwords)` in the program
/// let nobody = FnVerifier::new(|_: BasicCredentials<'_>| Err(Cause::InvalidCredentials));
/// let app = App { users: AnyVerifier::new(nobody) };
/// # let _ = app.users;
/// ```
pub struct AnyVerifier<S: Scheme, I>(Arc<dyn Erased<S, I>>);

impl<S: Scheme, I: Clone + Send + Sync + 'static> AnyVerifier<S, I> {
    /// Hides the type of a verifier.
    pub fn new(verifier: impl Verifier<Scheme = S, Identity = I> + 'static) -> Self {
        Self(Arc::new(verifier))
    }
}

impl<S: Scheme, I> Clone for AnyVerifier<S, I> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<S: Scheme, I> fmt::Debug for AnyVerifier<S, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AnyVerifier(..)")
    }
}

impl<S: Scheme, I: Clone + Send + Sync + 'static> Verifier for AnyVerifier<S, I> {
    type Scheme = S;
    type Identity = I;

    fn verify<'r>(
        &'r self,
        credentials: S::Credentials<'r>,
        request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<I>, Cause>> + Send + 'r {
        self.0.verify_boxed(credentials, request)
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        self.0.complete_erased(challenge, request)
    }
}

type Checked<'r, I> = Pin<Box<dyn Future<Output = Result<Verified<I>, Cause>> + Send + 'r>>;

/// [`Verifier`] in a form that a trait object can have.
trait Erased<S: Scheme, I>: Send + Sync {
    fn verify_boxed<'r>(
        &'r self,
        credentials: S::Credentials<'r>,
        request: &'r RequestView<'r>,
    ) -> Checked<'r, I>;

    fn complete_erased(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause>;
}

impl<V: Verifier> Erased<V::Scheme, V::Identity> for V {
    fn verify_boxed<'r>(
        &'r self,
        credentials: <V::Scheme as Scheme>::Credentials<'r>,
        request: &'r RequestView<'r>,
    ) -> Checked<'r, V::Identity> {
        Box::pin(self.verify(credentials, request))
    }

    fn complete_erased(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        self.complete(challenge, request)
    }
}
