//! axum 0.8: the guard is an extractor, and a refusal is its rejection.

pub mod routing;

use core::convert::Infallible;
use core::future::{Future, ready};

use axum_core::body::Body;
use axum_core::extract::FromRequestParts;
use axum_core::response::{IntoResponse, Response};
use http::request::Parts;

use super::admission::Admission;
use crate::decide::{Accepts, decide};
use crate::guard::{Authenticated, Guard, Nobody, Public, PublicDecision, Wanted};
use crate::permit::{Carried, Permitted};
use crate::policy::Policy;
use crate::refusal::Refusal;
use crate::request::RequestView;
use crate::state::AuthState;

impl<P, W, A, St> FromRequestParts<St> for Guard<P, W, A>
where
    P: Policy,
    P::Accepts: Accepts<St, W>,
    W: Wanted,
    A: Carried,
    St: AuthState,
{
    type Rejection = Refusal;

    // Not an `async fn`: that would be a state machine for every handler (see `Admission`).
    fn from_request_parts(
        parts: &mut Parts,
        state: &St,
    ) -> impl Future<Output = Result<Self, Refusal>> + Send {
        Admission::new(decide::<P::Accepts, St, W, A>(
            P::SPEC,
            state,
            RequestView::of_parts(parts),
        ))
    }
}

impl<D: PublicDecision, St: Sync> FromRequestParts<St> for Public<D> {
    type Rejection = Infallible;

    fn from_request_parts(
        _: &mut Parts,
        _: &St,
    ) -> impl Future<Output = Result<Self, Infallible>> + Send {
        ready(Ok(Self::declared()))
    }
}

/// Implemented by nothing: the extractor below exists for the text of this trait only.
#[diagnostic::on_unimplemented(
    message = "no guard gives this handler its `Authenticated<{T}>`",
    label = "`#[requires_auth(…)]` has not seen this argument",
    note = "put `#[requires_auth(…)]` on the handler, above `#[debug_handler]`, and write `Authenticated<..>` itself instead of an alias"
)]
pub trait Gives<T>: Sized {
    /// Cannot be called.
    fn give() -> Result<Authenticated<T>, Refusal>;
}

impl<T, St> FromRequestParts<St> for Authenticated<T>
where
    Nobody: Gives<T>,
    St: Sync,
{
    type Rejection = Refusal;

    async fn from_request_parts(_: &mut Parts, _: &St) -> Result<Self, Refusal> {
        Nobody::give()
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        Refusal::into_response::<Body>(self)
    }
}

impl<R: IntoResponse> IntoResponse for Permitted<R> {
    fn into_response(self) -> Response {
        self.into_result().into_response()
    }
}
