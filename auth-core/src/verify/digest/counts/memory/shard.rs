//! What stands under one lock.

use std::collections::BTreeMap;

use super::super::window::Window;
use super::super::{CountAnswer, NonceUse};
use crate::verify::digest::NonceId;

/// How many expired nonces one new one removes at most: more than come, so that memory is given back, and few, so that
/// nobody waits for it.
const MAX_REMOVED: usize = 2;

/// Nonces in the order in which they were issued. Whatever was used has an entry, or is no younger than `forgotten`, which
/// is older than all entries.
pub(super) struct Shard {
    entries: BTreeMap<NonceId, Entry>,
    /// With session algorithms only, so that the others do not pay.
    cnonces: BTreeMap<NonceId, Box<str>>,
    /// The last nonce whose entry was given up. It and whatever is older may have been used.
    forgotten: Option<NonceId>,
}

struct Entry {
    window: Window,
    /// In whole seconds, rounded up: half the room of the time at which it ends.
    lifetime: u32,
}

impl Shard {
    pub(super) const EMPTY: Self = Self {
        entries: BTreeMap::new(),
        cnonces: BTreeMap::new(),
        forgotten: None,
    };

    pub(super) fn record(&mut self, used: &NonceUse<'_>, capacity: usize) -> CountAnswer {
        let nonce = used.nonce();
        if let Some(entry) = self.entries.get_mut(&nonce) {
            return entry.window.record(used.count());
        }
        self.remove_expired(used.now_ms());
        if self.forgotten >= Some(nonce) {
            return CountAnswer::Used;
        }
        if self.entries.len() >= capacity && !self.forget_one_before(nonce) {
            return CountAnswer::Used;
        }
        let mut window = Window::UNUSED;
        let answer = window.record(used.count());
        let lifetime = lifetime(used);
        self.entries.insert(nonce, Entry { window, lifetime });
        if let Some(cnonce) = used.cnonce() {
            self.cnonces.insert(nonce, cnonce.into());
        }
        answer
    }

    pub(super) fn first_cnonce(&self, nonce: NonceId) -> Option<&str> {
        self.cnonces.get(&nonce).map(|cnonce| &**cnonce)
    }

    pub(super) fn len(&self) -> usize {
        self.entries.len()
    }

    fn remove_expired(&mut self, now_ms: u64) {
        for _ in 0..MAX_REMOVED {
            let oldest = self.entries.first_key_value();
            if oldest.is_none_or(|(oldest, entry)| entry.ends_at_ms(*oldest) > now_ms) {
                return;
            }
            self.forget_oldest();
        }
    }

    /// Makes room for a nonce; `false` if it is the oldest itself.
    fn forget_one_before(&mut self, nonce: NonceId) -> bool {
        let oldest = self.entries.first_key_value();
        let is_younger = oldest.is_some_and(|(oldest, _)| *oldest < nonce);
        if is_younger {
            self.forget_oldest();
        }
        is_younger
    }

    /// It is refused from now on, also if it has expired: a clock that is set back must not bring it back to life.
    fn forget_oldest(&mut self) {
        if let Some((oldest, _)) = self.entries.pop_first() {
            self.cnonces.remove(&oldest);
            self.forgotten = self.forgotten.max(Some(oldest));
        }
    }
}

impl Entry {
    fn ends_at_ms(&self, nonce: NonceId) -> u64 {
        let lifetime_ms = u64::from(self.lifetime) * 1000;
        nonce.issued_at_ms().saturating_add(lifetime_ms)
    }
}

/// Of more than a century nobody will notice that it was cut: what is given up early is refused.
fn lifetime(used: &NonceUse<'_>) -> u32 {
    let issued_at_ms = used.nonce().issued_at_ms();
    let lifetime_ms = used.expires_at_ms().saturating_sub(issued_at_ms);
    u32::try_from(lifetime_ms.div_ceil(1000)).unwrap_or(u32::MAX)
}
