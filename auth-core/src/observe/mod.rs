//! What operators see of decisions: the one place that writes events and metrics. The page
//! [`observability`](crate::observability) is its schema; without the features `tracing` and `metrics` nothing here
//! does anything.

#[cfg(feature = "tracing")]
mod events;
#[cfg(feature = "metrics")]
mod family;
#[cfg(feature = "metrics")]
mod meters;
#[cfg(all(feature = "jwt", feature = "metrics"))]
mod tokens;

use core::future::Future;
#[cfg(any(feature = "metrics", feature = "outbound"))]
use core::time::Duration;

#[cfg(feature = "metrics")]
pub use meters::describe_metrics;

use crate::policy::{Member, Members, Shape, Spec};
use crate::refusal::Refusal;
use crate::state::Settings;

/// What stands for a scheme or a reason where there is none.
#[cfg(any(feature = "metrics", feature = "tracing"))]
const NONE: &str = "none";

/// When a decision began.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Started(#[cfg(feature = "metrics")] Duration);

impl Started {
    pub(crate) fn now(settings: &Settings) -> Self {
        let _ = settings;
        Self(
            #[cfg(feature = "metrics")]
            settings.clock().elapsed(),
        )
    }

    #[cfg(feature = "metrics")]
    fn ago(self, settings: &Settings) -> Duration {
        settings.clock().elapsed().saturating_sub(self.0)
    }
}

/// A request was admitted, by credentials of the members that are held; as nobody, if none is.
pub(crate) fn admitted(
    spec: &Spec,
    shape: &Shape,
    held: Members,
    settings: &Settings,
    started: Started,
) {
    let scheme = || {
        let member = spec.members().get(shape.identified_by(held)?)?;
        Some(member.scheme())
    };
    #[cfg(feature = "tracing")]
    if settings.admitted_events() {
        events::admitted(spec, scheme());
    }
    #[cfg(feature = "metrics")]
    meters::admitted(scheme(), started.ago(settings));
    // What of these is used depends on the features.
    let _ = (scheme, settings, started);
}

/// A request was refused.
pub(crate) fn refused(refusal: &Refusal, settings: &Settings, started: Started) {
    #[cfg(feature = "metrics")]
    meters::judged(refusal, started.ago(settings));
    let _ = (settings, started);
    turned_away(refusal);
}

/// A request is answered with a refusal: also after it was admitted, by a condition over the handler's arguments.
pub(crate) fn turned_away(refusal: &Refusal) {
    #[cfg(feature = "tracing")]
    events::refused(refusal);
    #[cfg(feature = "metrics")]
    meters::turned_away(refusal);
    let _ = refusal;
}

/// The work of a verifier, within a span that says for whom: what it logs has a context then.
pub(crate) fn verification<F: Future>(
    spec: &'static Spec,
    member: &'static Member,
    work: impl FnOnce() -> F,
) -> impl Future<Output = F::Output> {
    #[cfg(feature = "tracing")]
    return events::within_span(spec, member, work);
    #[cfg(not(feature = "tracing"))]
    {
        let _ = (spec, member);
        work()
    }
}

/// A verifier has looked for a token among those that it verified before.
#[cfg(feature = "jwt")]
pub(crate) fn token_looked_up(known: bool) {
    #[cfg(feature = "metrics")]
    tokens::looked_up(known);
    let _ = known;
}

/// A store or rule of revocations was asked about a token: `good`, `revoked` or `store_down`.
#[cfg(feature = "jwt")]
pub(crate) fn revocation_checked(result: &'static str) {
    #[cfg(feature = "metrics")]
    tokens::revocation_checked(result);
    let _ = result;
}

/// An attempt to fetch the keys of an issuer has ended, after this long, and so many keys count now.
#[cfg(feature = "jwks")]
pub(crate) fn keys_fetched(issuer: &str, result: &'static str, took: Duration, usable: usize) {
    #[cfg(feature = "metrics")]
    tokens::keys_fetched(issuer, result, took, usable);
    let _ = (issuer, result, took, usable);
}

/// A call to an introspection endpoint has ended, after this long.
#[cfg(feature = "introspection")]
pub(crate) fn introspected(
    endpoint: impl FnOnce() -> String,
    result: &'static str,
    took: Duration,
) {
    #[cfg(feature = "metrics")]
    tokens::introspected(&endpoint(), result, took);
    #[cfg(not(feature = "metrics"))]
    let _ = (endpoint, result, took);
}

/// Calls to an introspection endpoint are held back from now on, or made again.
#[cfg(feature = "introspection")]
pub(crate) fn introspection_held_back(endpoint: impl FnOnce() -> String, open: bool) {
    #[cfg(feature = "metrics")]
    tokens::held_back(&endpoint(), open);
    #[cfg(not(feature = "metrics"))]
    let _ = (endpoint, open);
}
