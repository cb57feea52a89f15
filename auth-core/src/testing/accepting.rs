//! A verifier that knows one caller.

use core::fmt;
use core::future::{Future, ready};
use core::marker::PhantomData;

use aws_lc_rs::constant_time::verify_slices_are_equal;

use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{
    ApiKey, ApiKeyCredentials, Basic, BasicCredentials, Bearer, BearerToken, Scheme,
};
use crate::secret::Secret;
use crate::verify::{Grants, Verified, Verifier};

/// A verifier that yields `identity` for these credentials and refuses all others
/// ([`Cause::InvalidCredentials`]).
///
/// The credentials are written as a person would: a token for [`Bearer`], `user:password` for
/// [`Basic`], the key for [`ApiKey`].
///
/// ```
/// use auth_core::testing::{Accepting, accepts};
/// use auth_core::{Authenticated, AuthState, Basic, Grants, RequestView, auth_policy};
///
/// #[auth_policy(scheme = "Basic", realm = "Admin", scope = "write")]
/// pub struct Admin;
///
/// #[derive(AuthState)]
/// struct App {
///     #[auth(Basic)]
///     passwords: Accepting<Basic, &'static str>,
/// }
///
/// # fn run<F: Future>(f: F) -> F::Output {
/// #     let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
/// #     match std::pin::pin!(f).poll(&mut cx) {
/// #         std::task::Poll::Ready(output) => output,
/// #         std::task::Poll::Pending => unreachable!(),
/// #     }
/// # }
/// # run(async {
/// let app = App {
///     passwords: accepts("ann:open sesame", "Ann").with_grants(Grants::none().with_scopes(["write"])),
/// };
/// let request = http::Request::builder()
///     .header("Authorization", "Basic YW5uOm9wZW4gc2VzYW1l")
///     .body(())
///     .unwrap();
/// let ann: Authenticated<&str> =
///     auth_core::http::check::<Admin, _, _>(&app, RequestView::of(&request)).await.unwrap();
/// assert_eq!(*ann, "Ann");
/// # });
/// ```
#[must_use]
pub fn accepts<S: TestScheme, I>(credentials: impl Into<String>, identity: I) -> Accepting<S, I> {
    Accepting {
        credentials: Secret::new(credentials.into()),
        identity,
        grants: Grants::none(),
        scheme: PhantomData,
    }
}

/// Made by [`accepts`].
pub struct Accepting<S, I> {
    credentials: Secret<String>,
    identity: I,
    grants: Grants,
    scheme: PhantomData<fn() -> S>,
}

impl<S, I> Accepting<S, I> {
    /// What the credentials grant; nothing unless said here.
    #[must_use]
    pub fn with_grants(mut self, grants: Grants) -> Self {
        self.grants = grants;
        self
    }
}

/// A scheme whose credentials can be compared with a text: implement it for a scheme of yours to use
/// [`accepts`] with it.
pub trait TestScheme: Scheme {
    /// Whether these are the credentials that a person would write so.
    fn are(presented: &Self::Credentials<'_>, written: &str) -> bool;
}

impl TestScheme for Bearer {
    fn are(presented: &BearerToken<'_>, written: &str) -> bool {
        same(presented.expose(), written)
    }
}

impl TestScheme for Basic {
    fn are(presented: &BasicCredentials<'_>, written: &str) -> bool {
        written.split_once(':').is_some_and(|(user, password)| {
            presented.user_id() == user && same(presented.expose_password(), password)
        })
    }
}

impl TestScheme for ApiKey {
    fn are(presented: &ApiKeyCredentials<'_>, written: &str) -> bool {
        same(presented.expose(), written)
    }
}

fn same(secret: &str, other: &str) -> bool {
    verify_slices_are_equal(secret.as_bytes(), other.as_bytes()).is_ok()
}

impl<S: TestScheme, I: Clone + Send + Sync + 'static> Verifier for Accepting<S, I> {
    type Scheme = S;
    type Identity = I;

    fn verify<'r>(
        &'r self,
        credentials: S::Credentials<'r>,
        _request: &'r RequestView<'r>,
    ) -> impl Future<Output = Result<Verified<I>, Cause>> + Send + 'r {
        ready(if S::are(&credentials, self.credentials.expose()) {
            Ok(Verified::new(self.identity.clone()).with_grants(self.grants.clone()))
        } else {
            Err(Cause::InvalidCredentials)
        })
    }
}

impl<S, I> fmt::Debug for Accepting<S, I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Accepting([redacted])")
    }
}
