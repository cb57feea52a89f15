//! Real threads.

use std::sync::Barrier;
use std::thread;

use super::{NOW, nonce};
use crate::verify::digest::MemoryNonceCounts;
use crate::verify::digest::NonceCounts as _;

const ROUNDS: u64 = 5_000;

// D-10, V17
#[test]
fn d10_of_two_requests_with_the_same_count_at_the_same_instant_one_is_admitted() {
    let counts = MemoryNonceCounts::default();
    counts.issued(NOW);
    let barrier = Barrier::new(2);
    let admitted = || {
        // What each round admitted: of its own nonce first, then of one that all rounds share.
        let round = |round: u64| {
            barrier.wait();
            let count = u32::try_from(round).unwrap() + 1;
            let first = counts.0.admits(nonce(round, round), 1);
            (first, counts.0.admits(nonce(0, u64::MAX), count))
        };
        (0..ROUNDS).map(round).collect::<Vec<_>>()
    };
    let (mine, others) = thread::scope(|scope| {
        let other = scope.spawn(admitted);
        (admitted(), other.join().unwrap())
    });
    for (round, (mine, other)) in mine.into_iter().zip(others).enumerate() {
        assert!(mine.0 != other.0, "{round}");
        assert!(mine.1 != other.1, "{round}");
    }
}

// D-11: parallel connections overtake each other.
#[test]
fn d11_parallel_requests_with_counts_of_their_own_are_all_admitted() {
    let counts = MemoryNonceCounts::default();
    counts.issued(NOW);
    let barrier = Barrier::new(4);
    let refused = |thread: u32| {
        // Nobody is more than 8 ahead.
        let round = |round: u64| {
            barrier.wait();
            let first = u32::try_from(round * 8).unwrap() + thread * 2 + 1;
            [first, first + 1].map(|count| (count, counts.0.admits(nonce(0, 0), count)))
        };
        let answers = (0..ROUNDS).flat_map(round);
        answers
            .filter(|(_, admitted)| !admitted)
            .collect::<Vec<_>>()
    };
    thread::scope(|scope| {
        let threads = [0, 1, 2, 3].map(|thread| {
            let refused = &refused;
            scope.spawn(move || refused(thread))
        });
        for thread in threads {
            assert_eq!(thread.join().unwrap(), []);
        }
    });
}
