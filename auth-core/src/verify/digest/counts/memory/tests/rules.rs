//! What is refused, and when something is forgotten.

use super::{CountAnswer, LIFETIME, NOW, nonce, used};
use crate::verify::digest::counts::memory::threads::Native;
use crate::verify::digest::counts::memory::{MemoryNonceCounts, Table};
use crate::verify::digest::{NonceCounts, NonceUse};

fn table(capacity: usize) -> Table<Native> {
    let table = Table::new(capacity);
    table.start(NOW);
    table
}

// D-10, D-11
#[test]
fn d10_each_nonce_has_counts_of_its_own() {
    let table = table(100);
    for number in 0..3 {
        assert!(table.admits(nonce(0, number), 1));
        assert!(!table.admits(nonce(0, number), 1));
        assert!(table.admits(nonce(0, number), 2));
    }
    // Of the same randomness, a millisecond later.
    assert!(table.admits(nonce(1, 0), 1));
    assert_eq!(table.len(), 4);
}

// D-11: refused rather than admitted.
#[test]
fn d11_when_full_the_oldest_is_forgotten_in_a_way_that_refuses_rather_than_admits() {
    let table = table(3);
    for after in 1..=4 {
        assert!(table.admits(nonce(after * 10, 0), 1));
    }
    assert_eq!(table.len(), 3);
    // What was forgotten: its used count, and one that was not.
    assert!(!table.admits(nonce(10, 0), 1));
    assert!(!table.admits(nonce(10, 0), 2));
    // As old, or older, and never used: nobody knows that.
    assert!(!table.admits(nonce(9, 7), 1));
    // The others are as they were: for a refusal nothing was forgotten.
    for after in 2..=4 {
        assert!(!table.admits(nonce(after * 10, 0), 1));
        assert!(table.admits(nonce(after * 10, 0), 2));
    }
}

// D-11
#[test]
fn d11_a_nonce_older_than_all_of_a_full_store_is_refused_and_pushes_out_nothing() {
    let table = table(2);
    assert!(table.admits(nonce(10, 0), 1));
    assert!(table.admits(nonce(20, 0), 1));
    assert!(!table.admits(nonce(5, 0), 1));
    assert!(table.admits(nonce(10, 0), 2));
    assert!(table.admits(nonce(20, 0), 2));
}

// D-11: within a millisecond the random octets decide which one is older.
#[test]
fn d11_nonces_of_the_same_millisecond_are_told_apart() {
    let table = table(1);
    assert!(table.admits(nonce(0, 1), 1));
    assert!(table.admits(nonce(0, 2), 1));
    assert!(!table.admits(nonce(0, 1), 1));
    assert!(table.admits(nonce(0, 3), 1));
    assert!(!table.admits(nonce(0, 2), 2));
}

// V17, D-10: whether the store has forgotten or remembers, the answer is the same.
#[test]
fn v17_after_a_restart_what_was_issued_before_is_refused() {
    let before = table(10);
    let (old, new) = (nonce(0, 1), nonce(1000, 1));
    assert!(before.admits(old, 1));

    // The first that the new process hears of the time is a challenge…
    let after = Table::<Native>::new(10);
    after.start(NOW + 1000);
    assert!(!after.admits_at(old, 1, NOW + 2000));
    assert!(!after.admits_at(old, 2, NOW + 2000));
    assert!(after.admits_at(new, 1, NOW + 2000));

    // … or a replay.
    let after = Table::<Native>::new(10);
    assert!(!after.admits_at(old, 1, NOW + 1000));
    assert!(!after.admits_at(old, 2, NOW + 2000));
    assert!(after.admits_at(new, 1, NOW + 2000));
    assert_eq!(after.len(), 1);

    // Later challenges change nothing, nor does a clock that is set back.
    after.start(NOW + 5000);
    after.start(NOW);
    assert!(after.admits_at(new, 2, NOW + 6000));
    assert!(!after.admits_at(old, 3, NOW + 6000));
}

#[test]
fn a_clock_that_says_nothing_does_not_begin_the_time() {
    let table = Table::<Native>::new(10);
    table.start(u64::MAX);
    assert!(!table.admits_at(nonce(0, 1), 1, u64::MAX));
    assert!(table.admits(nonce(0, 1), 1));
}

#[test]
fn an_expired_nonce_is_refused_and_leaves_nothing_behind() {
    let table = table(10);
    assert!(!table.admits_at(nonce(0, 1), 1, NOW + LIFETIME));
    assert_eq!(table.len(), 0);
    assert!(table.admits_at(nonce(0, 1), 1, NOW + LIFETIME - 1));
}

#[test]
fn memory_is_given_back_as_others_come() {
    let table = table(100);
    for number in 0..20 {
        assert!(table.admits(nonce(0, number), 1));
    }
    // Each new one removes two.
    for number in 0..20 {
        let now = LIFETIME + number;
        assert!(table.admits(nonce(now, 0), 1));
    }
    assert_eq!(table.len(), 20);
}

// D-10: who sets the clock back does not bring requests back to life.
#[test]
fn d10_what_has_expired_and_was_removed_is_refused_also_by_a_clock_that_was_set_back() {
    let table = table(100);
    assert!(table.admits(nonce(0, 1), 1));
    assert!(table.admits(nonce(LIFETIME, 1), 1));
    assert_eq!(table.len(), 1);
    assert!(!table.admits_at(nonce(0, 1), 1, NOW + 1));
}

// D-10, V17: two verifiers with clocks that differ share a store. What has expired for the one, and was removed as others
// came, is refused to the other by its age.
#[test]
fn d10_a_clock_that_is_ahead_ends_nothing_for_another_that_is_behind() {
    for ahead in [1, 4_000, 5_000, LIFETIME] {
        let table = table(100);
        let last = NOW + LIFETIME - 1;
        assert!(table.admits_at(nonce(0, 1), 1, last));
        assert!(table.admits_at(nonce(LIFETIME, 2), 1, last + ahead));
        assert_eq!(table.len(), 1, "it was removed");
        for count in [1, 2] {
            assert!(!table.admits_at(nonce(0, 1), count, last), "{ahead}");
            assert!(!table.admits_at(nonce(0, 1), count, last + 1 - ahead));
        }
        // Those that the other one issues now are younger.
        assert!(table.admits_at(nonce(LIFETIME - 1, 3), 1, last));
    }
}

#[test]
fn a_nonce_is_remembered_for_all_of_its_lifetime() {
    const A_CENTURY: u64 = 100 * 366 * 86_400_000;
    for lifetime in [1, 999, 1000, 1001, LIFETIME, A_CENTURY] {
        let table = table(100);
        let last = NOW + lifetime - 1;
        let use_at = |now| table.record(&NonceUse::new(nonce(0, 1), 1, NOW + lifetime, now));
        assert_eq!(use_at(NOW), CountAnswer::Fresh);
        // Another comes, and removes what has expired.
        assert!(table.admits(nonce(lifetime - 1, 2), 1));
        assert_eq!(table.len(), 2, "{lifetime}");
        assert_eq!(use_at(last), CountAnswer::Used, "{lifetime}");
    }
}

// Longer than the entry can say: given up early, and so refused.
#[test]
fn a_nonce_without_end_is_never_admitted_twice() {
    let table = table(100);
    let use_at = |now| table.record(&NonceUse::new(nonce(0, 1), 1, u64::MAX, now));
    assert_eq!(use_at(NOW), CountAnswer::Fresh);
    let late = u64::from(u32::MAX) * 1000;
    assert!(table.admits(nonce(late, 1), 1));
    assert_eq!(table.len(), 1);
    assert_eq!(use_at(NOW + late), CountAnswer::Used);
}

#[test]
fn no_capacity_is_a_small_one() {
    let table = table(0);
    assert!(table.admits(nonce(0, 1), 1));
    assert!(table.admits(nonce(1, 1), 1));
    assert_eq!(table.len(), 1);
}

// D-6
#[test]
fn d6_the_first_cnonce_is_kept_with_the_nonce_and_forgotten_with_it() {
    let table = table(1);
    let (first, second) = (nonce(0, 1), nonce(1, 1));
    let with = |nonce, count, cnonce| table.record(&used(nonce, count, NOW).with_cnonce(cnonce));
    assert_eq!(table.first_cnonce(first), None);
    with(first, 1, "0a4f113b");
    with(first, 2, "another");
    with(first, 1, "another");
    assert_eq!(table.first_cnonce(first).as_deref(), Some("0a4f113b"));
    with(second, 1, &"c".repeat(NonceUse::MAX_CNONCE_LEN));
    assert_eq!(table.first_cnonce(first), None);
    assert!(table.first_cnonce(second).is_some());
}

#[test]
fn d6_a_long_cnonce_is_not_kept() {
    let table = table(10);
    let long = "c".repeat(NonceUse::MAX_CNONCE_LEN + 1);
    table.record(&used(nonce(0, 1), 1, NOW).with_cnonce(&long));
    assert_eq!(table.first_cnonce(nonce(0, 1)), None);
}

#[test]
fn a_store_prints_no_nonces() {
    let counts = MemoryNonceCounts::new(10);
    counts.issued(NOW);
    counts.0.admits(nonce(0, 1), 1);
    assert_eq!(format!("{counts:?}"), "MemoryNonceCounts { len: 1, .. }");
    let printed = format!("{:?}", used(nonce(0, 1), 1, NOW).with_cnonce("0a4f113b"));
    assert!(!printed.contains("0a4f113b"), "{printed}");
}
