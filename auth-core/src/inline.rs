//! The check inside of a function whose signature must not change: what it looks at, and how the function
//! tells a refusal.

use core::fmt;
use core::marker::PhantomData;

use bytes::Bytes;
use http::Response;
use http::request::Parts;

use crate::adapter::http::RefusalBody;
use crate::decide::{Accepts, decide};
use crate::guard::{Guard, Wanted};
use crate::permit::Carried;
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::request::RequestView;
use crate::state::AuthState;

/// What `request = …` can name: something whose header fields can be looked at.
///
/// A request of another kind gives a [`RequestView`] of itself, which is one too:
///
/// ```
/// use auth_core::{RequestView, ViewRequest};
///
/// struct Event {
///     fields: http::HeaderMap,
/// }
///
/// impl ViewRequest for Event {
///     fn view(&self) -> RequestView<'_> {
///         RequestView::new("POST", "/events", &self.fields)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a request that can be checked",
    label = "`{Self}` is not `ViewRequest`",
    note = "name the argument that is an `http::Request<_>`, `http::request::Parts` or the request of a framework whose feature of auth-core is on (`actix_web::HttpRequest`, `poem::Request`, `salvo_core::Request`, `tonic::Request<_>`), or give a view: `request = RequestView::new(method, target, &fields)`"
)]
pub trait ViewRequest {
    /// A view of method, target, header fields and extensions.
    fn view(&self) -> RequestView<'_>;
}

impl<B> ViewRequest for http::Request<B> {
    fn view(&self) -> RequestView<'_> {
        RequestView::of(self)
    }
}

impl ViewRequest for Parts {
    fn view(&self) -> RequestView<'_> {
        RequestView::of_parts(self)
    }
}

impl ViewRequest for RequestView<'_> {
    fn view(&self) -> RequestView<'_> {
        *self
    }
}

impl<T: ViewRequest + ?Sized> ViewRequest for &T {
    fn view(&self) -> RequestView<'_> {
        T::view(self)
    }
}

impl<T: ViewRequest + ?Sized> ViewRequest for &mut T {
    fn view(&self) -> RequestView<'_> {
        T::view(self)
    }
}

/// What a guarded function that keeps its signature can tell a refusal by: every type that is
/// `From<Refusal>`. Of a `Result` that is the error.
///
/// It is not asked of `http::Response<_>` and `Result<http::Response<_>, _>`: there the refusal is the
/// response itself, never an error.
///
/// [`Refusal`] is no [`Error`](core::error::Error), so it does not become a `Box<dyn Error>`, which
/// somebody would answer with 500.
///
/// ```
/// use auth_core::Refusal;
///
/// enum OrderError {
///     Refused(Refusal),
///     SoldOut,
/// }
///
/// impl From<Refusal> for OrderError {
///     fn from(refusal: Refusal) -> Self {
///         Self::Refused(refusal)
///     }
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "a refusal cannot be told by `{Self}`",
    label = "`{Self}` is not `From<auth_core::Refusal>`",
    note = "return `http::Response<_>` or `Result<http::Response<_>, _>`, which take the refusal as it is; or write `impl From<auth_core::Refusal>` for a type of yours and return that, or a `Result` with it as the error. `tonic::Status` is one (feature `tonic` of auth-core)"
)]
pub trait FromRefusal: Sized {
    /// Tells the refusal.
    fn from_refusal(refusal: Refusal) -> Self;
}

#[diagnostic::do_not_recommend]
impl<T: From<Refusal>> FromRefusal for T {
    fn from_refusal(refusal: Refusal) -> Self {
        refusal.into()
    }
}

/// Decides about a request inside of a function.
///
/// # Errors
/// The refusal.
pub async fn admit<P, W, A, St>(
    state: &St,
    request: RequestView<'_>,
) -> Result<Guard<P, W, A>, Refusal>
where
    P: Policy,
    P::Accepts: Accepts<St, W>,
    W: Wanted,
    A: Carried,
    St: AuthState,
{
    decide::<P::Accepts, St, W, A>(P::SPEC, state, request)
        .await
        .map(Guard::admit)
}

/// How a function of return type `R` tells a refusal: `(&&&&Told::<R>::BY).__requires_auth_answer(refusal)`, with the traits
/// below in scope. The compiler looks for the method on the longest reference first, so what fits best stands
/// there: that the return type is a response is asked of the type and not of its name.
pub struct Told<R>(PhantomData<fn() -> R>);

impl<R> Told<R> {
    /// By a value of `R`.
    pub const BY: Self = Self(PhantomData);
}

impl<R> Clone for Told<R> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<R> Copy for Told<R> {}

impl<R> fmt::Debug for Told<R> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Told")
    }
}

/// By the response itself, in `Ok` of a `Result`: who gets an error would answer with one of their own.
pub trait AsResponse {
    /// What the function returns.
    type Answer;

    /// Tells the refusal.
    fn __requires_auth_answer(self, refusal: Refusal) -> Self::Answer;
}

impl<B: From<Bytes>> AsResponse for &&&&Told<Response<B>> {
    type Answer = Response<B>;

    fn __requires_auth_answer(self, refusal: Refusal) -> Response<B> {
        refusal.into_response()
    }
}

impl<B: From<Bytes>, E> AsResponse for &&&&Told<Result<Response<B>, E>> {
    type Answer = Result<Response<B>, E>;

    fn __requires_auth_answer(self, refusal: Refusal) -> Result<Response<B>, E> {
        Ok(refusal.into_response())
    }
}

// A body that knows vectors only, as that of Lambda.
impl<B: From<Vec<u8>>> AsResponse for &&&Told<Response<B>> {
    type Answer = Response<B>;

    fn __requires_auth_answer(self, refusal: Refusal) -> Response<B> {
        refusal.into_response().map(copied)
    }
}

impl<B: From<Vec<u8>>, E> AsResponse for &&&Told<Result<Response<B>, E>> {
    type Answer = Result<Response<B>, E>;

    fn __requires_auth_answer(self, refusal: Refusal) -> Result<Response<B>, E> {
        Ok(refusal.into_response().map(copied))
    }
}

fn copied<B: From<Vec<u8>>>(content: Bytes) -> B {
    B::from(content.into())
}

/// A response that cannot hold a refusal, which is told by the bound.
pub trait Unwritable<B, R> {
    /// Tells the refusal.
    fn __requires_auth_answer(self, refusal: Refusal) -> R
    where
        B: RefusalBody;
}

impl<B> Unwritable<B, Response<B>> for &&Told<Response<B>> {
    fn __requires_auth_answer(self, refusal: Refusal) -> Response<B>
    where
        B: RefusalBody,
    {
        refusal.into_response()
    }
}

impl<B, E> Unwritable<B, Result<Response<B>, E>> for &&Told<Result<Response<B>, E>> {
    fn __requires_auth_answer(self, refusal: Refusal) -> Result<Response<B>, E>
    where
        B: RefusalBody,
    {
        Ok(refusal.into_response())
    }
}

/// Of any other `Result`: by the error.
pub trait InErr<T, E> {
    /// Tells the refusal.
    #[expect(clippy::missing_errors_doc, reason = "always")]
    fn __requires_auth_answer(self, refusal: Refusal) -> Result<T, E>
    where
        E: FromRefusal;
}

impl<T, E> InErr<T, E> for &Told<Result<T, E>> {
    fn __requires_auth_answer(self, refusal: Refusal) -> Result<T, E>
    where
        E: FromRefusal,
    {
        Err(E::from_refusal(refusal))
    }
}

/// Of any other type.
pub trait ByFrom<R> {
    /// Tells the refusal.
    fn __requires_auth_answer(self, refusal: Refusal) -> R
    where
        R: FromRefusal;
}

impl<R> ByFrom<R> for Told<R> {
    fn __requires_auth_answer(self, refusal: Refusal) -> R
    where
        R: FromRefusal,
    {
        R::from_refusal(refusal)
    }
}

/// Stands for an identity where the attribute is wrong. There is a compile error beside it.
pub fn erroneous<T>() -> T {
    loop {
        core::hint::spin_loop();
    }
}
