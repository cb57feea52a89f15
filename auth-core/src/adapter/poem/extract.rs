//! The guard as an extractor, for handlers that poem routes by itself.

use core::future::{Future, ready};

use poem::{FromRequest, Request, RequestBody, Result};

use super::shown::shown_to;
use crate::adapter::admission::Admission;
use crate::decide::{Accepts, decide, unconfigured};
use crate::guard::{Authenticated, Guard, Nobody, Public, PublicDecision};
use crate::inline::ViewRequest as _;
use crate::permit::Carried;
use crate::policy::{Policy, Spec};
use crate::refusal::Refusal;
use crate::registry::{FromRegistry, Registry};

/// `#[handler]` extracts the arguments one after the other, each before the next one begins: the guard is the first, so
/// that nothing else of the request is looked at before it passed, its body included.
impl<'a, P, W, A> FromRequest<'a> for Guard<P, W, A>
where
    P: Policy,
    P::Accepts: Accepts<Registry, W>,
    W: FromRegistry,
    A: Carried,
{
    // Not an `async fn`: that would be a state machine for every handler (see `Admission`).
    fn from_request(
        request: &'a Request,
        body: &mut RequestBody,
    ) -> impl Future<Output = Result<Self>> + Send {
        Admission::new(admit::<P::Accepts, W, A>(P::SPEC, request, body))
    }
}

/// Decides with the registry that is in the data of the request.
async fn admit<A, W, C>(
    spec: &'static Spec,
    request: &Request,
    body: &mut RequestBody,
) -> core::result::Result<(W, C), Refusal>
where
    A: Accepts<Registry, W>,
    W: FromRegistry,
    C: Carried,
{
    let view = request.view();
    let shown = shown_to(spec, request, body);
    let view = match &shown {
        Some(extensions) => view.with_extensions(extensions),
        None => view,
    };
    match request.data() {
        Some(registry) => decide::<A, Registry, W, C>(spec, registry, view).await,
        None => Err(unconfigured(spec, &view, NO_REGISTRY.into())),
    }
}

const NO_REGISTRY: &str = "the request has no `auth_core::Registry` in its data: put `.data(registry)` around the routes, or use `auth_core::poem::GuardedRoute`, which takes a state with types";

impl<'a, D: PublicDecision> FromRequest<'a> for Public<D> {
    fn from_request(
        _: &'a Request,
        _: &mut RequestBody,
    ) -> impl Future<Output = Result<Self>> + Send {
        ready(Ok(Self::declared()))
    }
}

/// Implemented by nothing: the extractor below exists for the text of this trait only.
#[diagnostic::on_unimplemented(
    message = "no guard gives this handler its `Authenticated<{T}>`",
    label = "`#[requires_auth(…)]` has not seen this argument",
    note = "put `#[requires_auth(…)]` on the handler, above `#[handler]`, and write `Authenticated<..>` itself instead of an alias"
)]
pub trait Gives<T>: Sized {
    /// Cannot be called.
    fn give() -> Result<Authenticated<T>>;
}

impl<'a, T> FromRequest<'a> for Authenticated<T>
where
    T: Send + Sync + 'static,
    Nobody: Gives<T>,
{
    fn from_request(
        _: &'a Request,
        _: &mut RequestBody,
    ) -> impl Future<Output = Result<Self>> + Send {
        ready(Nobody::give())
    }
}
