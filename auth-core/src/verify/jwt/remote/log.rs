//! What operators see of fetched keys, by the schema of [`observability`](crate::observability).

use core::time::Duration;

use super::state::State;
use crate::jwt::Issuer;
use crate::observe;

/// An attempt to get keys, and what it has led to.
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

/// Tells of an attempt that has ended.
pub(super) fn attempted(attempt: &Attempt<'_>) {
    let result = match attempt.state.failure() {
        Some(error) => error.word(),
        None if attempt.is_news() => "changed",
        None => "unchanged",
    };
    let issuer = attempt.issuer.as_str();
    let keys = if attempt.usable { attempt.keys() } else { 0 };
    observe::keys_fetched(issuer, result, attempt.took, keys);
    event(attempt);
}

/// New keys and recoveries as `INFO`, what changed nothing as `DEBUG`, a failure as `WARN`, or as `ERROR` once no key
/// counts.
#[cfg(feature = "tracing")]
fn event(attempt: &Attempt<'_>) {
    let Attempt {
        took, state, next, ..
    } = attempt;
    let issuer = attempt.issuer.as_str();
    let keys = attempt.keys();
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
fn event(attempt: &Attempt<'_>) {
    let _ = attempt.next;
}

impl Attempt<'_> {
    /// How many there were at last, whether they count or not.
    fn keys(&self) -> usize {
        self.state.last().map_or(0, |set| set.keys().len())
    }

    fn is_news(&self) -> bool {
        let same = match (self.former.last(), self.state.last()) {
            (Some(former), Some(set)) => former.is_same(set),
            _ => false,
        };
        self.former.failures() > 0 || !same
    }
}
