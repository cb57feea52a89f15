//! What is logged of fetched keys (feature `tracing`, target `auth_core`).

use core::time::Duration;

use super::state::State;
use crate::jwt::Issuer;

/// An attempt to get keys, and what it has led to.
#[cfg_attr(
    not(feature = "tracing"),
    expect(dead_code, reason = "nobody reads it")
)]
pub(super) struct Attempt<'a> {
    pub(super) issuer: &'a Issuer,
    pub(super) took: Duration,
    pub(super) former: &'a State,
    pub(super) state: &'a State,
    /// Whether there are keys that count.
    pub(super) usable: bool,
    /// Until the next attempt.
    pub(super) next: Duration,
}

/// New keys and recoveries as `INFO`, what changed nothing as `DEBUG`, a failure as `WARN`, or as `ERROR` once no key
/// counts.
#[cfg(feature = "tracing")]
pub(super) fn attempted(attempt: &Attempt<'_>) {
    let Attempt {
        took, state, next, ..
    } = attempt;
    let issuer = attempt.issuer.as_str();
    let keys = state.last().map_or(0, |set| set.keys().len());
    match state.failure() {
        Some(error) if attempt.usable => {
            let failures = state.failures();
            tracing::warn!(target: "auth_core", issuer, ?took, failures, %error, keys, ?next, "keys not fetched, the last ones still count");
        }
        Some(error) => {
            let failures = state.failures();
            tracing::error!(target: "auth_core", issuer, ?took, failures, %error, ?next, "keys not fetched, and none count");
        }
        None if attempt.is_news() => {
            tracing::info!(target: "auth_core", issuer, ?took, keys, ?next, "keys fetched");
        }
        None => {
            tracing::debug!(target: "auth_core", issuer, ?took, keys, ?next, "keys fetched, none changed");
        }
    }
}

#[cfg(not(feature = "tracing"))]
pub(super) fn attempted(_: &Attempt<'_>) {}

#[cfg(feature = "tracing")]
impl Attempt<'_> {
    fn is_news(&self) -> bool {
        let same = match (self.former.last(), self.state.last()) {
            (Some(former), Some(set)) => former.is_same(set),
            _ => false,
        };
        self.former.failures() > 0 || !same
    }
}
