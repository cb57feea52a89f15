//! Every order in which threads can come to their locks and atomics, run by a model checker.
//!
//! Loom rather than one that tries random orders: what is shared is a few locks and one atomic, so all orders can be run,
//! and its verdict is a proof for these programs. It needs no flag of the compiler here, since the table is written over
//! whose locks it has.

use loom::sync::atomic::{AtomicU64, Ordering};
use loom::sync::{Arc, Mutex};
use loom::thread;

use super::{NOW, nonce, used};
use crate::verify::digest::counts::memory::Table;
use crate::verify::digest::counts::memory::threads::{Lock, Number, Threads};

struct Modelled;

impl Threads for Modelled {
    type Lock<T: Send> = Mutex<T>;
    type Number = AtomicU64;
}

impl<T> Lock<T> for Mutex<T> {
    fn new(value: T) -> Self {
        Self::new(value)
    }

    fn with<R>(&self, run: impl FnOnce(&mut T) -> R) -> R {
        run(&mut self.lock().unwrap())
    }
}

impl Number for AtomicU64 {
    fn new(value: u64) -> Self {
        Self::new(value)
    }

    fn load(&self) -> u64 {
        self.load(Ordering::Acquire)
    }

    fn replace(&self, old: u64, new: u64) -> Result<u64, u64> {
        self.compare_exchange(old, new, Ordering::AcqRel, Ordering::Acquire)
    }
}

type Shared = Arc<Table<Modelled>>;

fn table(capacity: usize) -> Shared {
    Arc::new(Table::new(capacity))
}

fn started(capacity: usize) -> Shared {
    let table = table(capacity);
    table.start(NOW);
    table
}

/// Runs this beside what the caller does then.
fn beside<R: 'static>(
    table: &Shared,
    run: impl FnOnce(&Table<Modelled>) -> R + 'static,
) -> thread::JoinHandle<R> {
    let table = Arc::clone(table);
    thread::spawn(move || run(&table))
}

// D-10, V17
#[test]
fn d10_the_same_count_is_admitted_once() {
    loom::model(|| {
        let table = started(10);
        let others = [(); 2].map(|()| beside(&table, |table| table.admits(nonce(0, 1), 1)));
        let mine = table.admits(nonce(0, 1), 1);
        let others = others.map(|other| other.join().unwrap());
        let admitted = others.into_iter().chain([mine]);
        assert_eq!(admitted.filter(|admitted| *admitted).count(), 1);
    });
}

// D-11
#[test]
fn d11_counts_that_overtake_each_other_are_admitted_once_each() {
    loom::model(|| {
        let table = started(10);
        assert!(table.admits(nonce(0, 1), 1));
        let other = beside(&table, |table| {
            [3, 2].map(|count| table.admits(nonce(0, 1), count))
        });
        let mine = [2, 3].map(|count| table.admits(nonce(0, 1), count));
        let [three, two] = other.join().unwrap();
        assert!(mine[0] != two && mine[1] != three);
    });
}

// D-11: while room is made for another nonce.
#[test]
fn d11_what_is_being_forgotten_is_not_admitted_again() {
    loom::model(|| {
        let table = started(1);
        assert!(table.admits(nonce(1, 1), 1));
        let other = beside(&table, |table| table.admits(nonce(2, 1), 1));
        let replayed = [(); 2].map(|()| table.admits(nonce(1, 1), 1));
        assert_eq!(replayed, [false, false]);
        assert!(other.join().unwrap());
        assert!(!table.admits(nonce(1, 1), 2));
    });
}

// V17: a replay beside the first challenges after a restart.
#[test]
fn v17_whoever_tells_a_new_store_the_time_what_was_before_is_refused() {
    loom::model(|| {
        let table = table(10);
        let challenge = beside(&table, |table| {
            table.start(NOW + 10);
            // The nonce of that challenge is good if nobody was told a later time before.
            table.admits_at(nonce(10, 1), 1, NOW + 20)
        });
        let replay = beside(&table, |table| table.admits_at(nonce(9, 1), 1, NOW + 11));
        table.start(NOW + 10);
        assert!(challenge.join().unwrap() || !table.admits_at(nonce(10, 1), 2, NOW + 20));
        assert!(!replay.join().unwrap());
        assert!(!table.admits_at(nonce(9, 1), 1, NOW + 20));
        assert!(table.admits_at(nonce(11, 1), 1, NOW + 20));
    });
}

// V17
#[test]
fn v17_a_new_store_begins_at_one_time_for_all() {
    loom::model(|| {
        let table = table(10);
        let others = [10, 11].map(|ms| beside(&table, move |table| table.start(NOW + ms)));
        let mine = table.start(NOW + 12);
        assert_eq!(others.map(|other| other.join().unwrap()), [mine; 2]);
    });
}

// D-6
#[test]
fn d6_one_cnonce_is_the_first_and_stays() {
    loom::model(|| {
        let table = started(10);
        let first_use = |table: &Table<Modelled>, count, cnonce: &'static str| {
            table.record(&used(nonce(0, 1), count, NOW).with_cnonce(cnonce));
            table.first_cnonce(nonce(0, 1))
        };
        let other = beside(&table, move |table| first_use(table, 1, "first"));
        let mine = first_use(&table, 2, "second");
        assert!(mine.is_some());
        assert_eq!(mine, other.join().unwrap());
    });
}
