//! How much content may be held at once.

use core::sync::atomic::{AtomicUsize, Ordering};

/// Octets that may be held for all requests together, while their guards judge them.
#[derive(Debug)]
pub(super) struct Budget {
    octets: usize,
    held: AtomicUsize,
}

/// Octets of a budget, which go back when this is dropped: also where the guard is dropped in between, or panics.
#[derive(Debug)]
#[must_use]
pub(super) struct Held<'b> {
    budget: &'b Budget,
    octets: usize,
}

impl Budget {
    pub(super) const fn new(octets: usize) -> Self {
        Self {
            octets,
            held: AtomicUsize::new(0),
        }
    }

    pub(super) const fn octets(&self) -> usize {
        self.octets
    }

    /// Takes as many octets of it, if there are as many left. Nobody waits here: a waiting request is held as well.
    pub(super) fn hold(&self, octets: usize) -> Option<Held<'_>> {
        // It counts, and orders nothing else.
        let taken = self
            .held
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |held| {
                let held = held.checked_add(octets)?;
                (held <= self.octets).then_some(held)
            });
        taken.ok().map(|_| Held {
            budget: self,
            octets,
        })
    }
}

impl Drop for Held<'_> {
    fn drop(&mut self) {
        self.budget.held.fetch_sub(self.octets, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

    use std::panic::{AssertUnwindSafe, catch_unwind};
    use std::sync::Barrier;
    use std::thread;

    use super::*;

    fn held(budget: &Budget) -> usize {
        budget.held.load(Ordering::SeqCst)
    }

    // V24
    #[test]
    fn it_is_used_up_to_the_octet_and_comes_back() {
        let budget = Budget::new(10);
        let first = budget.hold(7).unwrap();
        assert!(budget.hold(4).is_none());
        assert!(budget.hold(usize::MAX).is_none());
        let second = budget.hold(3).unwrap();
        assert!(budget.hold(1).is_none());
        // A request without content needs nothing of it.
        let _nothing = budget.hold(0).unwrap();
        assert_eq!(held(&budget), 10);
        drop(first);
        assert_eq!(held(&budget), 3);
        drop(second);
        assert_eq!(held(&budget), 0);
    }

    #[test]
    fn it_comes_back_from_a_panic() {
        let budget = Budget::new(10);
        let panicked = catch_unwind(AssertUnwindSafe(|| {
            let _held = budget.hold(10).unwrap();
            panic!("a guard panicked");
        }));
        assert!(panicked.is_err());
        assert_eq!(held(&budget), 0);
    }

    // V24: threads that take and give back at the same time never hold more than there is, and leave nothing behind.
    #[test]
    fn threads_together_hold_no_more_than_there_is() {
        let budget = Budget::new(10);
        let in_use = AtomicUsize::new(0);
        let start = Barrier::new(4);
        thread::scope(|scope| {
            for octets in [3, 4, 5, 6] {
                let (budget, in_use, start) = (&budget, &in_use, &start);
                scope.spawn(move || {
                    start.wait();
                    for _ in 0..20_000 {
                        let Some(held) = budget.hold(octets) else {
                            continue;
                        };
                        let before = in_use.fetch_add(octets, Ordering::SeqCst);
                        assert!(before + octets <= 10, "{before} and {octets}");
                        in_use.fetch_sub(octets, Ordering::SeqCst);
                        drop(held);
                    }
                });
            }
        });
        assert_eq!(held(&budget), 0);
        assert!(budget.hold(10).is_some());
    }
}
