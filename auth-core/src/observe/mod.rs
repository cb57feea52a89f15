//! What operators see of decisions: the one place that writes events and metrics. The page
//! [`observability`](crate::observability) is its schema; without the features `tracing` and `metrics` nothing here
//! does anything.

#[cfg(feature = "tracing")]
mod events;
#[cfg(feature = "metrics")]
mod family;
#[cfg(feature = "metrics")]
mod meters;

use core::future::Future;
#[cfg(feature = "metrics")]
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
