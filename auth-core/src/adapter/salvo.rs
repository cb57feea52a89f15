//! salvo 1.1: the guard is an extractor, and a refusal is its error.
//!
//! `#[requires_auth]` stands above `#[handler]`, or above `#[endpoint]` (feature `salvo-oapi`). The verifiers are in a
//! [`Registry`](crate::Registry), which is a hoop around all handlers:
//!
//! ```standalone_crate
//! use auth_core::{Authenticated, Registry, public, requires_auth};
//! use salvo_core::prelude::*;
//!
//! #[requires_auth(scheme = "Bearer", realm = "Shop", scope = "orders:read")]
//! #[handler]
//! async fn orders(user: Authenticated<String>) -> String {
//!     format!("the orders of {}", *user)
//! }
//!
//! #[public(reason = "load balancer probe")]
//! #[handler]
//! async fn health() -> &'static str {
//!     "ok"
//! }
//!
//! fn router(registry: Registry) -> Result<Router, Box<dyn std::error::Error>> {
//!     // registry: Registry::builder().bearer(tokens).build()?
//!     registry.check_linked()?; // each handler of this program has its verifier
//!     Ok(Router::new()
//!         .hoop(registry)
//!         .push(Router::with_path("api/orders").get(orders))
//!         .push(Router::with_path("health").get(health)))
//! }
//! # let tokens = auth_core::FnVerifier::new(|_: auth_core::BearerToken<'_>| Ok(auth_core::Verified::new(String::new())));
//! # router(Registry::builder().bearer(tokens).build().unwrap()).unwrap();
//! ```
//!
//! The guard runs before all other extractors, wherever the identity stands among the arguments, and nothing of the body is
//! read before it has passed. What hoops wrote before is replaced by what a refusal says; its [`Cause`](crate::Cause) is in
//! the extensions of the response, for hoops of yours. No catcher writes over it, and a guarded handler that is used as a
//! hoop guards what stands behind it, such as files:
//!
//! ```
//! # use auth_core::requires_auth;
//! # use salvo_core::prelude::*;
//! #[requires_auth(scheme = "Bearer", realm = "API")]
//! #[handler]
//! async fn members_only() {}
//!
//! # fn example(files: impl Handler) -> Router {
//! Router::with_path("files/{**path}").hoop(members_only).goal(files)
//! # }
//! ```
//!
//! What the compiler cannot tell:
//!
//! - A handler without an attribute is open: salvo makes a type of each handler, which does not show its arguments.
//! - A verifier that the registry lacks, or a registry that no hoop brings along, is answered 500, and the log says what to
//!   add. [`Registry::check_linked`](crate::Registry::check_linked) finds the former at start-up.
//! - Below `#[handler]` the attribute does not compile. The compiler then complains of what stands in an `impl`.
//! - In a `Catcher`, and among the hoops of a `Service` where no route matches (404, 405), salvo runs every hoop, whatever the
//!   one before has answered: there a guarded handler guards itself only. A hoop that is to guard others, or answers by
//!   itself, belongs on a `Router`: `{**rest}` is the route of what no other one takes.
//! - `Service::allowed_media_types` makes 415 of each refusal whose type (`application/json`, unless the settings say
//!   otherwise) is not among them; the challenges stay.
//!
//! A method, `#[handler] impl Shop { … }`, checks inside: `#[requires_auth(.., request = request, state = self.app)]` with a
//! [`Refusal`] as the error of its `Result`. Then the other extractors run before the check: let the method take
//! `&mut Request`.
//!
//! Verifiers see fields, method, target and `http::Extensions` of a request, and not the address of the peer.
//!
//! Digest needs `DigestHoop` for `auth-int` and for `Authentication-Info` (feature `digest`). A guard adds nothing to an
//! `OpenAPI` document.

#[cfg(feature = "digest")]
mod digest;
#[cfg(feature = "salvo-oapi")]
mod endpoint;

use core::convert::Infallible;
use core::future::{Future, ready};

use bytes::Bytes;
use salvo_core::extract::{Extractible, Metadata};
use salvo_core::handler::Handler;
use salvo_core::http::{Request, ResBody, Response};
use salvo_core::routing::FlowCtrl;
use salvo_core::{Depot, Scribe, Writer, async_trait};

#[cfg(feature = "digest")]
pub use self::digest::DigestHoop;
use crate::adapter::admission::Admission;
use crate::decide::{Accepts, decide, unconfigured};
use crate::guard::{Authenticated, Guard, Nobody, Public, PublicDecision};
use crate::inline::ViewRequest;
use crate::permit::{Carried, Permitted};
use crate::policy::{Policy, Spec};
use crate::refusal::Refusal;
use crate::registry::{FromRegistry, Registry};
use crate::request::{RequestView, target as sent_target};

/// What the log says where handlers are guarded, and nobody told by whom.
const NO_REGISTRY: &str = "there is no `auth_core::Registry` in the depot: put `.hoop(registry.clone())` on the outermost router, or on the service";

impl<'ex, P, W, A> Extractible<'ex> for Guard<P, W, A>
where
    P: Policy,
    P::Accepts: Accepts<Registry, W>,
    W: FromRegistry,
    A: Carried,
{
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Guard");
        &METADATA
    }

    // Not an `async fn`: that would be a state machine for every handler (see `Admission`).
    #[expect(refining_impl_trait, reason = "it says what the error is")]
    fn extract(
        request: &'ex mut Request,
        depot: &'ex mut Depot,
    ) -> impl Future<Output = Result<Self, Refusal>> + Send {
        let (request, depot): (&'ex Request, &'ex Depot) = (request, depot);
        let registry = depot.get_typed::<Registry>().ok();
        Admission::new(admit::<P::Accepts, W, A>(P::SPEC, registry, request.view()))
    }
}

async fn admit<A, W, C>(
    spec: &'static Spec,
    registry: Option<&Registry>,
    request: RequestView<'_>,
) -> Result<(W, C), Refusal>
where
    A: Accepts<Registry, W>,
    W: FromRegistry,
    C: Carried,
{
    match registry {
        Some(registry) => decide::<A, Registry, W, C>(spec, registry, request).await,
        None => Err(unconfigured(spec, &request, NO_REGISTRY.into())),
    }
}

impl<'ex, D: PublicDecision> Extractible<'ex> for Public<D> {
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Public");
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "it says what the error is")]
    fn extract(
        _: &'ex mut Request,
        _: &'ex mut Depot,
    ) -> impl Future<Output = Result<Self, Infallible>> + Send {
        ready(Ok(Self::declared()))
    }
}

/// Implemented by nothing: the extractor below exists for the text of this trait only.
#[diagnostic::on_unimplemented(
    message = "no guard gives this handler its `Authenticated<{T}>`",
    label = "`#[requires_auth(…)]` has not seen this argument",
    note = "put `#[requires_auth(…)]` on the handler, above `#[handler]` or `#[endpoint]`, and write `Authenticated<..>` itself instead of an alias"
)]
pub trait Gives<T>: Sized {
    /// Cannot be called.
    fn give() -> Result<Authenticated<T>, Refusal>;
}

impl<T> Extractible<'_> for Authenticated<T>
where
    Nobody: Gives<T>,
{
    fn metadata() -> &'static Metadata {
        static METADATA: Metadata = Metadata::new("Authenticated");
        &METADATA
    }

    #[expect(refining_impl_trait, reason = "it says what the error is")]
    async fn extract(_: &mut Request, _: &mut Depot) -> Result<Self, Refusal> {
        Nobody::give()
    }
}

impl ViewRequest for Request {
    fn view(&self) -> RequestView<'_> {
        let target = sent_target(self.uri(), self.extensions());
        RequestView::new(self.method().as_str(), target, self.headers())
            .with_extensions(self.extensions())
    }
}

/// In place of what was written before, but for fields that the refusal has no say in.
impl Scribe for Refusal {
    fn render(self, response: &mut Response) {
        let (parts, content) = self.into_response::<Bytes>().into_parts();
        response.status_code = Some(parts.status);
        // The first line of each name takes the place of those that were there, the others are added to it.
        response.headers.extend(parts.headers);
        response.extensions.extend(parts.extensions);
        // Also if it is empty: what has no body at all is written by the catcher.
        response.body = ResBody::Once(content);
    }
}

#[async_trait]
impl<R: Writer + Send> Writer for Permitted<R> {
    async fn write(self, request: &mut Request, depot: &mut Depot, response: &mut Response) {
        match self.into_result() {
            Ok(answer) => answer.write(request, depot, response).await,
            Err(refusal) => refusal.render(response),
        }
    }
}

/// As a hoop, it is the registry of the handlers behind it.
#[async_trait]
impl Handler for Registry {
    async fn handle(&self, _: &mut Request, depot: &mut Depot, _: &mut Response, _: &mut FlowCtrl) {
        depot.insert_typed(self.clone());
    }
}
