//! Notices that challenges name a document which nothing serves.

#[cfg(feature = "tracing")]
use core::sync::atomic::{AtomicBool, Ordering};

/// Whether something was set up to serve the document.
#[derive(Debug, Default)]
pub(super) struct Served(#[cfg(feature = "tracing")] AtomicBool);

#[cfg(feature = "tracing")]
impl Served {
    pub(super) fn yes(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Says it to the log, once.
    pub(super) fn warn_unless(&self, url: &str) {
        // The refusals of all threads pass here: they write only once.
        if !self.0.load(Ordering::Relaxed) && !self.0.swap(true, Ordering::Relaxed) {
            tracing::warn!(
                target: "auth_core",
                url,
                "challenges name metadata that nothing in this program has served so far: add \
                 `GuardedRouter::protected_resource(settings)`, or call `ProtectedResource::respond` with every request",
            );
        }
    }
}

#[cfg(not(feature = "tracing"))]
#[expect(
    clippy::unused_self,
    reason = "as with the feature, which knows something"
)]
impl Served {
    pub(super) fn yes(&self) {}

    pub(super) fn warn_unless(&self, _: &str) {}
}
