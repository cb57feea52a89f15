//! Metrics of the `metrics` facade, by the schema of [`observability`](crate::observability).

use core::time::Duration;

use super::NONE;
use super::family::Family;
use crate::refusal::Refusal;

static AUTHENTICATIONS: Family<3> = Family::new(
    "auth_authentications_total",
    ["scheme", "outcome", "reason"],
    "Requests that were decided about",
);
static DURATION: Family<2> = Family::new(
    "auth_authentication_duration_seconds",
    ["scheme", "outcome"],
    "Time that a decision took, verifiers included",
);
static REFUSALS: Family<2> = Family::new(
    "auth_refusals_total",
    ["status", "reason"],
    "Refusals, those after the handler's own condition included",
);
static CHALLENGES: Family<1> = Family::new(
    "auth_challenges_total",
    ["scheme"],
    "Challenges in refusals",
);

/// Tells the recorder the units and one line about each metric of this crate: exporters show them (`# HELP`). To be
/// called once, after the recorder was installed; without, the metrics are recorded all the same.
///
/// ```
/// // After the recorder was installed, say by `PrometheusBuilder::new().install()`:
/// auth_core::observability::describe_metrics();
/// ```
pub fn describe_metrics() {
    AUTHENTICATIONS.describe_counter();
    DURATION.describe_seconds();
    REFUSALS.describe_counter();
    CHALLENGES.describe_counter();
    #[cfg(feature = "jwt")]
    super::tokens::describe();
}

pub(super) fn admitted(scheme: Option<&'static str>, took: Duration) {
    let (scheme, outcome) = match scheme {
        Some(scheme) => (scheme, "admitted"),
        None => (NONE, "anonymous"),
    };
    AUTHENTICATIONS.increment([scheme, outcome, NONE]);
    DURATION.record([scheme, outcome], took);
}

/// A decision that ended in a refusal.
pub(super) fn judged(refusal: &Refusal, took: Duration) {
    let scheme = refusal.scheme().unwrap_or(NONE);
    // Of the caller's making, or of ours.
    let outcome = if refusal.status().is_server_error() {
        "error"
    } else {
        "refused"
    };
    AUTHENTICATIONS.increment([scheme, outcome, refusal.cause().reason()]);
    DURATION.record([scheme, outcome], took);
}

/// A refusal, whoever decided.
pub(super) fn turned_away(refusal: &Refusal) {
    REFUSALS.increment([refusal.status().as_str(), refusal.cause().reason()]);
    for scheme in refusal.challenged() {
        CHALLENGES.increment([scheme]);
    }
}
