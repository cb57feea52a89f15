//! Events and spans of `tracing`, by the schema of [`observability`](crate::observability).

use core::future::Future;

use tracing::Instrument as _;

use super::NONE;
use crate::policy::{Member, Spec};
use crate::refusal::Refusal;

pub(super) fn admitted(spec: &Spec, scheme: Option<&'static str>) {
    let (policy, anonymous) = (spec.name(), scheme.is_none());
    let scheme = scheme.unwrap_or(NONE);
    tracing::info!(target: "auth_core", policy, scheme, anonymous, "admitted");
}

pub(super) fn refused(refusal: &Refusal) {
    let (policy, status) = (refusal.policy(), refusal.status().as_u16());
    let (scheme, cause) = (refusal.scheme().unwrap_or(NONE), refusal.cause());
    let reason = cause.reason();
    match status {
        // What is down says so itself, once: this is told for every request, whoever sends it.
        503 => {
            tracing::warn!(target: "auth_core", policy, scheme, status, reason, %cause, "refused");
            return;
        }
        500.. => {
            tracing::error!(target: "auth_core", policy, scheme, status, reason, %cause, "refused");
            return;
        }
        _ => {}
    }
    // Put together only if somebody reads it.
    let needed = tracing::enabled!(target: "auth_core", tracing::Level::INFO)
        .then(|| refusal.needed())
        .flatten();
    let needed = needed.as_deref();
    tracing::info!(target: "auth_core", policy, scheme, status, reason, needed, %cause, "refused");
}

/// At `debug`: a span at `info` would be made, and paid for, with every admitted request.
pub(super) fn within_span<F: Future>(
    spec: &'static Spec,
    member: &'static Member,
    work: impl FnOnce() -> F,
) -> impl Future<Output = F::Output> {
    let (policy, scheme) = (spec.name(), member.scheme());
    let span = tracing::debug_span!(target: "auth_core", "auth", policy, scheme);
    // A verifier may do its work before it gives a future.
    span.in_scope(work).instrument(span)
}
