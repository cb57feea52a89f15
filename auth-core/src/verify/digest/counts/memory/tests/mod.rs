#![allow(clippy::unwrap_used, reason = "what a test takes for granted fails it")]

mod bounds;
mod interleavings;
mod model;
mod races;
mod rules;

use super::{CountAnswer, NonceId, NonceUse, Table, Threads};

const NOW: u64 = 1_759_312_800_000;
const LIFETIME: u64 = 300_000;

/// The nonce with this number, issued so many milliseconds after [`NOW`].
fn nonce(after: u64, number: u64) -> NonceId {
    let mut random = [0; 16];
    random[8..].copy_from_slice(&number.to_be_bytes());
    NonceId::new(NOW + after, random)
}

fn used(nonce: NonceId, count: u32, now: u64) -> NonceUse<'static> {
    NonceUse::new(nonce, count, nonce.issued_at_ms() + LIFETIME, now)
}

impl<T: Threads> Table<T> {
    /// Whether this count is admitted, as soon as the nonce is issued.
    fn admits(&self, nonce: NonceId, count: u32) -> bool {
        self.admits_at(nonce, count, nonce.issued_at_ms())
    }

    fn admits_at(&self, nonce: NonceId, count: u32, now: u64) -> bool {
        self.record(&used(nonce, count, now)) == CountAnswer::Fresh
    }
}
