//! What is known of an issuer's keys at one moment. A state is never changed, only replaced; readers wait for nobody.
//!
//! All moments are those of [`Clock::elapsed`](crate::Clock).

use core::time::Duration;
use std::sync::Arc;

use http::HeaderValue;

use super::KeysError;
use super::freshness::{refresh_after, retry_after};
use crate::outbound::Address;
use crate::verify::jwt::keys::KeySet;

#[derive(Debug)]
pub(super) struct State {
    good: Option<Good>,
    /// What went wrong since the last success.
    failure: Option<Failure>,
    /// When to ask next, if nothing happens before.
    next: Duration,
    /// Where the metadata said that the keys are, and until when that is believed.
    named: Option<(Address, Duration)>,
}

/// The last set that was read.
#[derive(Debug)]
struct Good {
    set: Arc<KeySet>,
    /// Of what was answered at this address.
    tag: Option<(Address, HeaderValue)>,
    fetched_at: Duration,
    fresh_until: Duration,
}

#[derive(Debug)]
struct Failure {
    error: KeysError,
    count: u32,
}

/// What an attempt has brought.
pub(super) struct Fetched {
    /// `None`: the last set is still the one (304).
    pub(super) set: Option<KeySet>,
    pub(super) address: Address,
    pub(super) tag: Option<HeaderValue>,
    pub(super) lifetime: Duration,
    /// Where metadata named the address: until when that is believed.
    pub(super) named_until: Option<Duration>,
}

impl State {
    /// Nothing is known, and it is time to ask.
    pub(super) fn unknown(now: Duration) -> Self {
        Self {
            good: None,
            failure: None,
            next: now,
            named: None,
        }
    }

    pub(super) fn after_success(&self, fetched: Fetched, now: Duration, spread: u8) -> Self {
        let former = self.good.as_ref();
        let set = match fetched.set {
            Some(set) => Some(Arc::new(set)),
            None => former.map(|good| Arc::clone(&good.set)),
        };
        let named = fetched
            .named_until
            .map(|until| (fetched.address.clone(), until));
        Self {
            good: set.map(|set| Good {
                set,
                tag: fetched.tag.map(|tag| (fetched.address, tag)),
                fetched_at: now,
                fresh_until: now.saturating_add(fetched.lifetime),
            }),
            failure: None,
            next: now.saturating_add(refresh_after(fetched.lifetime, spread)),
            named,
        }
    }

    /// The last good set is kept, unless the issuer has taken back all of it; the metadata is asked again.
    pub(super) fn after_failure(&self, error: KeysError, now: Duration, spread: u8) -> Self {
        let count = self.failures().saturating_add(1);
        let good = self.good.as_ref();
        let good = match error {
            // An answer that could be read, and that names no key: there are none.
            KeysError::NoUsableKey { .. } => Some(Good {
                set: Arc::default(),
                tag: None,
                fetched_at: now,
                fresh_until: now,
            }),
            _ => good.map(|good| Good {
                set: Arc::clone(&good.set),
                // It may be what the provider stumbles over.
                tag: None,
                ..*good
            }),
        };
        Self {
            good,
            failure: Some(Failure { error, count }),
            next: now.saturating_add(retry_after(count, spread)),
            named: None,
        }
    }

    /// The keys that count now: within their cache time, or for `max_stale` beyond it if it was tried to refresh them.
    /// Never an empty set.
    pub(super) fn usable(&self, now: Duration, max_stale: Duration) -> Option<&Arc<KeySet>> {
        let good = self.good.as_ref().filter(|good| !good.set.is_empty())?;
        let grace = match self.failure {
            Some(_) => max_stale,
            None => Duration::ZERO,
        };
        (now < good.fresh_until.saturating_add(grace)).then_some(&good.set)
    }

    /// The last set that was read, whatever its age.
    pub(super) fn last(&self) -> Option<&Arc<KeySet>> {
        self.good.as_ref().map(|good| &good.set)
    }

    pub(super) fn fetched_at(&self) -> Option<Duration> {
        self.good.as_ref().map(|good| good.fetched_at)
    }

    pub(super) fn is_due(&self, now: Duration) -> bool {
        now >= self.next
    }

    pub(super) fn next(&self) -> Duration {
        self.next
    }

    pub(super) fn failure(&self) -> Option<&KeysError> {
        self.failure.as_ref().map(|failure| &failure.error)
    }

    /// In a row, up to now.
    pub(super) fn failures(&self) -> u32 {
        self.failure.as_ref().map_or(0, |failure| failure.count)
    }

    pub(super) fn named_address(&self, now: Duration) -> Option<(&Address, Duration)> {
        let (address, until) = self.named.as_ref()?;
        (now < *until).then_some((address, *until))
    }

    /// The `ETag` of the set, as it came from this address.
    pub(super) fn tag(&self, address: &Address) -> Option<&HeaderValue> {
        let (from, tag) = self.good.as_ref()?.tag.as_ref()?;
        (from == address).then_some(tag)
    }
}
