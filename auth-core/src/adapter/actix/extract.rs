//! The guard as an extractor, for handlers that actix-web routes by itself.

use core::convert::Infallible;
use core::future::{Future, Ready, ready};
use core::pin::Pin;

use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};

use super::parked::{Parked, park};
use super::shown::Shown;
use crate::adapter::admission::Admission;
use crate::decide::{Accepts, unconfigured};
use crate::guard::{Authenticated, Guard, Nobody, Public, PublicDecision};
use crate::inline::ViewRequest as _;
use crate::permit::Carried;
use crate::policy::{Policy, Spec};
use crate::refusal::Refusal;
use crate::registry::{FromRegistry, Registry};

const NO_REGISTRY: &str = "the application holds no `auth_core::Registry`: add it where the `App` is built, `App::new().app_data(registry.clone())`, or on a scope around this handler";

type Decision<W, A> = Pin<Box<dyn Future<Output = Result<(W, A), Refusal>>>>;

/// With the [`Registry`] in `app_data`. The payload is withheld from the extractors behind it until it has passed.
impl<P, W, A> FromRequest for Guard<P, W, A>
where
    P: Policy,
    P::Accepts: Accepts<Registry, W>,
    W: FromRegistry,
    A: Carried,
{
    type Error = Refusal;
    type Future = Admission<P, Decision<W, A>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let shown = Shown::to_guard_of(P::SPEC, request, payload);
        let parked = park(payload);
        let decision = admit::<P::Accepts, W, A>(P::SPEC, request.clone(), shown, parked);
        Admission::new(Box::pin(decision))
    }
}

async fn admit<A, W, C>(
    spec: &'static Spec,
    request: HttpRequest,
    shown: Shown,
    parked: Option<Parked>,
) -> Result<(W, C), Refusal>
where
    A: Accepts<Registry, W>,
    W: FromRegistry,
    C: Carried,
{
    let Some(registry) = registry(&request) else {
        return Err(unconfigured(spec, &request.view(), NO_REGISTRY.into()));
    };
    let decision = shown.decide::<A, _, W, C>(spec, registry, &request);
    let admitted = decision.await?;
    if let Some(parked) = parked {
        parked.release();
    }
    Ok(admitted)
}

fn registry(request: &HttpRequest) -> Option<&Registry> {
    let shared = || {
        let data: &web::Data<Registry> = request.app_data()?;
        Some(data.get_ref())
    };
    request.app_data().or_else(shared)
}

impl<D: PublicDecision> FromRequest for Public<D> {
    type Error = Infallible;
    type Future = Ready<Result<Self, Infallible>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Ok(Self::declared()))
    }
}

/// Implemented by nothing: the extractor below exists for the text of this trait only.
#[diagnostic::on_unimplemented(
    message = "no guard gives this handler its `Authenticated<{T}>`",
    label = "`#[requires_auth(…)]` has not seen this argument",
    note = "put `#[requires_auth(…)]` on the handler, above or below `#[get(…)]`, and write `Authenticated<..>` itself instead of an alias"
)]
pub trait Gives<T>: Sized {
    /// Cannot be called.
    fn give() -> Result<Authenticated<T>, Refusal>;
}

impl<T> FromRequest for Authenticated<T>
where
    Nobody: Gives<T>,
{
    type Error = Refusal;
    type Future = Ready<Result<Self, Refusal>>;

    fn from_request(_: &HttpRequest, _: &mut Payload) -> Self::Future {
        ready(Nobody::give())
    }
}
