//! What a guard is shown of a request beside its head, where the adapter owns the answer as well.

use core::any::{Any, type_name};
use core::future::Future;

#[cfg(any(feature = "tower", feature = "tonic"))]
use http::Request;
use http::Response;
use http::request::Parts;

#[cfg(feature = "digest")]
use crate::exchange::{self, Exchange};
use crate::policy::Spec;
#[cfg(any(feature = "tower", feature = "tonic"))]
use crate::{
    decide::{Accepts, decide},
    guard::Wanted,
    policy::Policy,
    refusal::Refusal,
    request::RequestView,
    state::AuthState,
};

/// What the guard of a policy was shown; nothing, if it needs nothing.
pub(super) struct Shown {
    #[cfg(feature = "digest")]
    exchange: Option<Exchange>,
}

impl Shown {
    /// Shows the guard of this policy what it needs.
    pub(super) fn to_guard_of(spec: &Spec, parts: &mut Parts, body: &mut (dyn Any + Send)) -> Self {
        let _ = (&spec, &parts, &body);
        Self {
            #[cfg(feature = "digest")]
            exchange: if exchange::offers_auth_int(spec) {
                Some(Exchange::of(parts, body))
            } else if exchange::needs_exchange(spec) {
                Some(Exchange::of_head(parts))
            } else {
                None
            },
        }
    }

    /// Adds what the guard says to the answer.
    pub(super) fn complete<B: Send + 'static>(
        self,
        response: Response<B>,
    ) -> impl Future<Output = Response<B>> + Send {
        #[cfg(feature = "digest")]
        return async move {
            match self.exchange {
                Some(exchange) => exchange.complete(response).await,
                None => response,
            }
        };
        #[cfg(not(feature = "digest"))]
        {
            let Self {} = self;
            core::future::ready(response)
        }
    }
}

/// Lets a request through to the service behind a guard, which finds the identity in its extensions.
#[cfg(any(feature = "tower", feature = "tonic"))]
pub(super) async fn admit<P, W, St, B>(
    state: &St,
    request: Request<B>,
) -> Result<(Request<B>, Shown), Refusal>
where
    P: Policy,
    P::Accepts: Accepts<St, W>,
    W: Wanted + Clone + Sync,
    St: AuthState,
    B: Send + 'static,
{
    let (mut parts, mut body) = request.into_parts();
    let shown = Shown::to_guard_of(P::SPEC, &mut parts, &mut body);
    let view = RequestView::of_parts(&parts);
    let (identity, ()) = decide::<P::Accepts, St, W, ()>(P::SPEC, state, view).await?;
    identity.hand_on(&mut parts.extensions);
    Ok((Request::from_parts(parts, body), shown))
}

/// The guard of this policy sees all that it needs in requests with bodies of type `B`.
///
/// # Panics
/// If it does not.
#[track_caller]
pub(super) fn assert_sees<B: 'static>(spec: &Spec) {
    #[cfg(feature = "digest")]
    assert!(
        !exchange::offers_auth_int(spec) || exchange::is_visible::<B>(),
        "{} offers `auth-int`, so its guard has to see the content of requests, and cannot see that of a `{}`: let the handler take `Request<auth_core::http::GuardedBody>`, and map the requests once, where the server receives them: `request.map(GuardedBody::new)`",
        spec.name(),
        type_name::<B>(),
    );
    let _ = (spec, type_name::<B>);
}
