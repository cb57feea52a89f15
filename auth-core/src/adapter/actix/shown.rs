//! What a guard is shown of a request, and adds to the answer.

use core::fmt;
#[cfg(not(feature = "digest"))]
use core::future::Future;

#[cfg(not(feature = "digest"))]
use actix_web::HttpResponse;
use actix_web::dev::Payload;
use actix_web::{HttpMessage as _, HttpRequest};
use http::Extensions;

#[cfg(feature = "digest")]
use super::content::Shared;
use super::request::shown_extensions;
use crate::decide::{Accepts, decide};
#[cfg(feature = "digest")]
use crate::exchange::Exchange;
use crate::guard::Wanted;
use crate::inline::ViewRequest as _;
use crate::permit::Carried;
use crate::policy::Spec;
use crate::refusal::Refusal;
use crate::state::AnyState;

/// What a guard is shown: what middleware shows it, and with Digest the content of the request, and a place for what it
/// says to the answer.
#[derive(Default)]
pub struct Shown {
    pub(super) extensions: Option<Extensions>,
    #[cfg(feature = "digest")]
    pub(super) exchange: Option<Exchange>,
    #[cfg(feature = "digest")]
    pub(super) content: Option<Shared>,
}

impl Shown {
    /// Shows the guard of this policy what it needs. The payload gives the same afterwards.
    pub(super) fn to_guard_of(spec: &Spec, request: &HttpRequest, payload: &mut Payload) -> Self {
        let _ = (spec, &payload);
        let shown = Self {
            extensions: shown_extensions(request),
            #[cfg(feature = "digest")]
            exchange: None,
            #[cfg(feature = "digest")]
            content: None,
        };
        #[cfg(feature = "digest")]
        if crate::exchange::needs_exchange(spec) {
            return shown.with_exchange(spec, request, payload);
        }
        shown
    }

    pub(super) async fn decide<A, S, W, C>(
        &self,
        spec: &'static Spec,
        state: &S,
        request: &HttpRequest,
    ) -> Result<(W, C), Refusal>
    where
        A: Accepts<S, W>,
        S: AnyState,
        W: Wanted,
        C: Carried,
    {
        let view = request.view();
        let view = match &self.extensions {
            Some(extensions) => view.with_extensions(extensions),
            None => view,
        };
        let decision = decide::<A, S, W, C>(spec, state, view);
        #[cfg(feature = "digest")]
        if let Some(content) = &self.content {
            return content.given_to(decision).await;
        }
        decision.await
    }

    /// Lets guards further in know of it: what a request has spent before this one is no replay.
    pub(super) fn hand_on(&self, request: &HttpRequest) {
        // Without Digest it is what middleware put there.
        if let Some(extensions) = &self.extensions {
            request.extensions_mut().insert(extensions.clone());
        }
    }

    /// Adds what the guard says to the answer.
    #[cfg(not(feature = "digest"))]
    pub(super) fn complete(self, answer: HttpResponse) -> impl Future<Output = HttpResponse> {
        let Self { extensions: _ } = self;
        core::future::ready(answer)
    }
}

impl fmt::Debug for Shown {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Shown")
    }
}
