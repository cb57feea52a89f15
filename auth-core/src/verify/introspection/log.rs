//! What operators read of introspection. Nothing of a token, its answer or our credentials is among it.

use core::time::Duration;

use super::breaker::Change;
use super::endpoint::Failure;
use crate::observe;
use crate::outbound::Address;

/// A call that has ended, after this long.
pub(super) fn called(endpoint: &Address, failure: Option<&Failure>, took: Duration) {
    let result = failure.map_or("answered", Failure::word);
    observe::introspected(|| endpoint.to_string(), result, took);
    #[cfg(feature = "tracing")]
    match failure {
        None => tracing::debug!(target: "auth_core", %endpoint, ?took, "introspected"),
        Some(error) if error.is_ours() => {
            tracing::error!(target: "auth_core", %endpoint, ?took, %error, "introspection failed");
        }
        Some(error) => {
            tracing::warn!(target: "auth_core", %endpoint, ?took, %error, "introspection failed");
        }
    }
}

/// Calls are held back from now on, or made again.
pub(super) fn changed(endpoint: &Address, change: Change) {
    let open = matches!(change, Change::Opened(_));
    observe::introspection_held_back(|| endpoint.to_string(), open);
    #[cfg(feature = "tracing")]
    match change {
        Change::Opened(pause) => {
            tracing::warn!(target: "auth_core", %endpoint, ?pause, "introspection held back");
        }
        Change::Closed => {
            tracing::info!(target: "auth_core", %endpoint, "introspection works again");
        }
    }
}
