//! What every store of nonce counts promises.

use core::future::Future;
use core::pin::Pin;
use core::time::Duration;
use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Barrier;
use std::thread;

use crate::clock::Clock;
use crate::digest::{CountAnswer, NonceCounts, NonceId, NonceUse};

/// How long the nonces of these tests last.
const LIFETIME_MS: u64 = 3_600_000;

/// By how many greater counts one may have been overtaken, at least.
const OVERTAKING: u32 = 31;

/// By how much the clocks of instances may differ.
const MOST_AHEAD_MS: u64 = 5_000;

/// How often threads meet.
const ROUNDS: usize = 50;

/// Checks that a store keeps what [`NonceCounts`] promises (RFC 7616 §3.4): for the tests of stores.
///
/// Each part begins with a store of its own, from `make_store`; they may share what lies behind them, since every nonce is
/// new. `block_on` runs a future to its end, also on several threads at the same instant: that is how it tries requests
/// with the same count. For stores that go by a clock of their own it waits 20 milliseconds.
///
/// ```
/// use auth_core::digest::MemoryNonceCounts;
/// use auth_core::testing::nonce_counts_contract;
///
/// // For a store behind a network: with the runtime of its connection.
/// let runtime = tokio::runtime::Runtime::new()?;
/// nonce_counts_contract(MemoryNonceCounts::default, |future| runtime.block_on(future));
/// # Ok::<(), std::io::Error>(())
/// ```
///
/// # Panics
/// If the store breaks a promise, does not answer, or if `block_on` leaves a future unfinished.
pub fn nonce_counts_contract<S: NonceCounts>(
    make_store: impl Fn() -> S,
    block_on: impl Fn(Pin<Box<dyn Future<Output = ()> + Send + '_>>) + Sync,
) {
    let parts: [fn(&Case<'_, S>); 7] = [
        each_count_is_fresh_once,
        gaps_and_overtaking_are_allowed,
        nonces_are_told_apart,
        a_nonce_is_remembered_until_it_expires,
        a_clock_that_is_ahead_ends_nothing,
        of_requests_at_the_same_instant_one_is_first,
        the_first_cnonce_stays,
    ];
    for part in parts {
        part(&Case::new(make_store(), &block_on));
    }
}

type BlockOn<'c> = dyn Fn(Pin<Box<dyn Future<Output = ()> + Send + '_>>) + Sync + 'c;

/// A store that has just issued its first nonces.
struct Case<'c, S> {
    store: S,
    block_on: &'c BlockOn<'c>,
    now_ms: u64,
}

impl<'c, S: NonceCounts> Case<'c, S> {
    fn new(store: S, block_on: &'c BlockOn<'c>) -> Self {
        // The real time: a server that removes what has expired may go by it.
        let now_ms = Clock::system().unix_millis();
        store.issued(now_ms);
        Self {
            store,
            block_on,
            now_ms,
        }
    }

    #[allow(clippy::expect_used, reason = "a test without random octets fails")]
    fn nonce(&self) -> NonceId {
        let mut random = [0; 16];
        getrandom::fill(&mut random).expect("the operating system gives random octets");
        NonceId::new(self.now_ms, random)
    }

    /// What becomes of a future.
    #[allow(clippy::expect_used, reason = "a test whose future hangs fails")]
    fn finish<T: Send>(&self, future: impl Future<Output = T> + Send) -> T {
        let mut output = None;
        (self.block_on)(Box::pin(async { output = Some(future.await) }));
        output.expect("`block_on` runs the future to its end")
    }

    #[allow(clippy::expect_used, reason = "a test of a store that is down fails")]
    fn record(&self, used: NonceUse<'_>) -> CountAnswer {
        let answer = self.finish(self.store.record(used));
        answer.expect("the store answers")
    }

    fn used(&self, nonce: NonceId, count: u32) -> NonceUse<'static> {
        NonceUse::new(nonce, count, self.now_ms + LIFETIME_MS, self.now_ms)
    }

    fn is_fresh(&self, nonce: NonceId, count: u32) -> bool {
        self.record(self.used(nonce, count)) == CountAnswer::Fresh
    }
}

fn each_count_is_fresh_once<S: NonceCounts>(case: &Case<'_, S>) {
    let nonce = case.nonce();
    for count in 1..=40 {
        assert!(case.is_fresh(nonce, count), "count {count} was not used");
        for again in (1..=count).rev() {
            assert!(!case.is_fresh(nonce, again), "count {again} was used");
        }
    }
}

fn gaps_and_overtaking_are_allowed<S: NonceCounts>(case: &Case<'_, S>) {
    let nonce = case.nonce();
    for highest in [1000, 0x0100_0000, u32::MAX] {
        assert!(case.is_fresh(nonce, highest), "a gap before {highest}");
        for late in (highest - OVERTAKING..highest).rev() {
            assert!(case.is_fresh(nonce, late), "{late} after {highest}");
            assert!(!case.is_fresh(nonce, late), "{late} was used");
        }
        assert!(!case.is_fresh(nonce, highest), "{highest} was used");
    }
    // Very late: either answer will do, but no second admission.
    for late in [1, 2, 999, 1000] {
        let first = case.is_fresh(nonce, late);
        assert!(!first || late != 1000, "{late} was used");
        assert!(!case.is_fresh(nonce, late), "{late} was used");
    }
}

fn nonces_are_told_apart<S: NonceCounts>(case: &Case<'_, S>) {
    let nonce = case.nonce();
    assert!(case.is_fresh(nonce, 1), "the first use");
    let [_, _, _, _, _, _, _, _, random @ ..] = nonce.to_octets();
    let mut others = vec![NonceId::new(case.now_ms + 1, random)];
    for at in 0..random.len() {
        let mut other = random;
        if let Some(octet) = other.get_mut(at) {
            *octet ^= 0x80;
        }
        others.push(NonceId::new(case.now_ms, other));
    }
    for other in others {
        assert!(case.is_fresh(other, 1), "another nonce: {other:?}");
        assert!(!case.is_fresh(other, 1), "it was used: {other:?}");
    }
    assert!(!case.is_fresh(nonce, 1), "it was used: {nonce:?}");
}

fn a_nonce_is_remembered_until_it_expires<S: NonceCounts>(case: &Case<'_, S>) {
    let nonce = case.nonce();
    assert!(case.is_fresh(nonce, 7), "the first use");
    let expires_at_ms = case.now_ms + LIFETIME_MS;
    for now_ms in [case.now_ms + LIFETIME_MS / 2, expires_at_ms - 1] {
        // Others come, at which expired ones may be removed.
        for _ in 0..4 {
            let other = NonceUse::new(case.nonce(), 1, expires_at_ms, now_ms);
            assert_eq!(case.record(other), CountAnswer::Fresh, "another nonce");
        }
        let again = NonceUse::new(nonce, 7, expires_at_ms, now_ms);
        assert_eq!(case.record(again), CountAnswer::Used, "it has not expired");
    }
}

/// An instance whose clock is ahead records a use when the nonce ends there; to another one, whose clock is behind, the
/// same request comes afterwards.
fn a_clock_that_is_ahead_ends_nothing<S: NonceCounts>(case: &Case<'_, S>) {
    let nonce = case.nonce();
    let expires_at_ms = case.now_ms + LIFETIME_MS;
    let used_at = |now_ms| NonceUse::new(nonce, 7, expires_at_ms, now_ms);
    let first = case.record(used_at(expires_at_ms - 1));
    assert_eq!(first, CountAnswer::Fresh, "the first use");
    // A server goes by a clock of its own, and keeps what it was told to keep for that millisecond no longer than this.
    thread::sleep(Duration::from_millis(20));
    // Others go by the times that they are told: more requests come to the instance that is ahead.
    let ahead_ms = expires_at_ms - 1 + MOST_AHEAD_MS;
    for _ in 0..4 {
        let [_, _, _, _, _, _, _, _, random @ ..] = case.nonce().to_octets();
        let other = NonceId::new(expires_at_ms, random);
        let other = NonceUse::new(other, 1, expires_at_ms + LIFETIME_MS, ahead_ms);
        assert_eq!(case.record(other), CountAnswer::Fresh, "another nonce");
    }
    for now_ms in [expires_at_ms - 1, expires_at_ms - MOST_AHEAD_MS] {
        let again = case.record(used_at(now_ms));
        assert_eq!(again, CountAnswer::Used, "it has not expired elsewhere");
    }
}

fn of_requests_at_the_same_instant_one_is_first<S: NonceCounts>(case: &Case<'_, S>) {
    let rounds: Vec<NonceId> = (0..ROUNDS).map(|_| case.nonce()).collect();
    let barrier = Barrier::new(2);
    // With a nonce that is new to the store, then with one that it knows; each with 2 and 3 in another order.
    let requests = |counts: [u32; 3]| {
        let mut answers = Vec::new();
        for nonce in &rounds {
            for count in counts {
                barrier.wait();
                // A failure must not leave the other thread waiting.
                let ask = AssertUnwindSafe(|| case.is_fresh(*nonce, count));
                answers.push(((*nonce, count), catch_unwind(ask)));
            }
        }
        answers
    };
    let fresh = |answers: Vec<((NonceId, u32), thread::Result<bool>)>| {
        let answers = answers.into_iter();
        let fresh = answers.filter_map(|(asked, answer)| match answer {
            Ok(fresh) => fresh.then_some(asked),
            Err(failure) => resume_unwind(failure),
        });
        fresh.collect::<HashSet<_>>()
    };
    #[allow(clippy::expect_used, reason = "a test whose thread fails does so too")]
    let (mine, others) = thread::scope(|scope| {
        let other = scope.spawn(|| requests([1, 3, 2]));
        (requests([1, 2, 3]), other.join().expect("the other thread"))
    });
    let (mine, others) = (fresh(mine), fresh(others));
    let twice = mine.intersection(&others).count();
    assert_eq!(twice, 0, "the same count was admitted twice");
    let admitted = mine.union(&others).count();
    assert_eq!(
        admitted,
        3 * ROUNDS,
        "of two with the same count none was admitted"
    );
}

#[allow(clippy::expect_used, reason = "a test of a store that is down fails")]
fn the_first_cnonce_stays<S: NonceCounts>(case: &Case<'_, S>) {
    let (nonce, other) = (case.nonce(), case.nonce());
    let first_cnonce = |nonce| {
        let answer = case.finish(case.store.first_cnonce(nonce));
        answer.expect("the store answers")
    };
    assert_eq!(first_cnonce(nonce), None, "the nonce was not used");
    for (count, cnonce) in [(1, "0a4f113b"), (2, "later"), (1, "later")] {
        case.record(case.used(nonce, count).with_cnonce(cnonce));
        let kept = first_cnonce(nonce);
        // A store need not keep it.
        let is_first = kept.as_deref().is_none_or(|kept| kept == "0a4f113b");
        assert!(is_first, "not the first");
    }
    assert_eq!(first_cnonce(other), None, "the cnonce of another nonce");
}

#[cfg(test)]
mod tests;
