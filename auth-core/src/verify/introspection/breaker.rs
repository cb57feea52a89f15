//! When to stop asking an endpoint that does not answer, and when to ask again: a state machine that knows no clock.

use core::time::Duration;

use super::limits::{BreakerLimits, BreakerState};

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// No more calls for this long.
    Opened(Duration),
    /// As before.
    Closed,
}

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// It was answered, as far as the endpoint is concerned.
    Good,
    /// It was answered, but not as it should be: because of the endpoint, or because of the token.
    Bad,
    /// It was not answered.
    Silent,
}

/// Leave to make one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leave {
    /// What comes of a call tells nothing any more once the breaker has changed.
    generation: u64,
}

/// What to do with a question.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It may be asked.
    Ask(Leave),
    /// One about a token of our own comes first, and decides: whoever comes along must not choose what is tried.
    Probe(Leave),
    /// Not now: again after this long.
    Wait(Duration),
}

/// Moments are times since some moment that is always the same.
#[derive(Debug)]
pub(super) struct Breaker {
    limits: BreakerLimits,
    at: At,
    generation: u64,
}

/// `pauses` counts those since calls were last made.
#[derive(Debug)]
enum At {
    /// `good`: when a call was last answered well.
    Closed {
        failures: u32,
        good: Option<Duration>,
    },
    Open {
        until: Duration,
        pauses: u32,
    },
    HalfOpen {
        pauses: u32,
    },
}

/// While a probe is under way nobody knows how long it takes; the next moment is as good a guess as any.
const WHILE_TRYING: Duration = Duration::from_secs(1);

impl Breaker {
    pub(super) fn new(limits: BreakerLimits) -> Self {
        Self {
            limits,
            at: At::Closed {
                failures: 0,
                good: None,
            },
            generation: 0,
        }
    }

    pub(super) fn way(&mut self, now: Duration) -> Way {
        match self.at {
            At::Closed { .. } => Way::Ask(self.leave()),
            At::Open { until, .. } if now < until => Way::Wait(until.saturating_sub(now)),
            At::Open { pauses, .. } => {
                self.change(At::HalfOpen { pauses });
                Way::Probe(self.leave())
            }
            At::HalfOpen { .. } => Way::Wait(WHILE_TRYING),
        }
    }

    fn leave(&self) -> Leave {
        Leave {
            generation: self.generation,
        }
    }

    /// What came of a call, or of a probe.
    pub(super) fn ended(
        &mut self,
        leave: Leave,
        outcome: Outcome,
        now: Duration,
    ) -> Option<Change> {
        if leave.generation != self.generation {
            return None;
        }
        match (&mut self.at, outcome) {
            (At::Closed { failures, good }, Outcome::Good) => {
                (*failures, *good) = (0, Some(now));
                None
            }
            // It works for others: the token is odd.
            (
                At::Closed {
                    good: Some(good), ..
                },
                Outcome::Bad,
            ) if now.saturating_sub(*good) < self.limits.pause() => None,
            (At::Closed { failures, .. }, _) => {
                *failures += 1;
                if *failures < self.limits.failures() {
                    return None;
                }
                if outcome == Outcome::Bad {
                    // All may have been odd tokens: a probe tells, without a pause before it.
                    self.change(At::Open {
                        until: now,
                        pauses: 0,
                    });
                    return None;
                }
                Some(self.open(0, now))
            }
            (&mut At::HalfOpen { pauses }, Outcome::Good) => {
                self.change(At::Closed {
                    failures: 0,
                    good: Some(now),
                });
                (pauses > 0).then_some(Change::Closed)
            }
            (&mut At::HalfOpen { pauses }, _) => Some(self.open(pauses, now)),
            // No leave is given while it is open.
            (At::Open { .. }, _) => None,
        }
    }

    pub(super) fn is_probing(&self) -> bool {
        matches!(self.at, At::HalfOpen { .. })
    }

    pub(super) fn state(&self, now: Duration) -> BreakerState {
        match self.at {
            // Before the first pause nobody is refused: the next call comes after a probe.
            At::Closed { .. } | At::Open { pauses: 0, .. } => BreakerState::Closed,
            At::Open { until, .. } => BreakerState::Open(until.saturating_sub(now)),
            At::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    fn open(&mut self, pauses: u32, now: Duration) -> Change {
        let pause = self.limits.after(pauses);
        self.change(At::Open {
            until: now.saturating_add(pause),
            pauses: pauses.saturating_add(1),
        });
        Change::Opened(pause)
    }

    fn change(&mut self, at: At) {
        self.at = at;
        self.generation = self.generation.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::panic)]
    use super::Outcome::{Bad, Good, Silent};
    use super::{
        Breaker, BreakerLimits, BreakerState, Change, Duration, Leave, Outcome, WHILE_TRYING, Way,
    };

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn breaker() -> Breaker {
        Breaker::new(
            BreakerLimits::default()
                .with_failures(3)
                .with_pause(s(5))
                .with_longest_pause(s(15)),
        )
    }

    fn leave(breaker: &mut Breaker, now: u64) -> Leave {
        match breaker.way(s(now)) {
            Way::Ask(leave) => leave,
            other => panic!("{other:?}"),
        }
    }

    fn probe(breaker: &mut Breaker, now: u64) -> Leave {
        match breaker.way(s(now)) {
            Way::Probe(leave) => leave,
            other => panic!("{other:?}"),
        }
    }

    /// Makes one call that ends at once.
    fn call(breaker: &mut Breaker, outcome: Outcome, now: u64) -> Option<Change> {
        let leave = leave(breaker, now);
        breaker.ended(leave, outcome, s(now))
    }

    /// Makes one probe that ends at once.
    fn probed(breaker: &mut Breaker, outcome: Outcome, now: u64) -> Option<Change> {
        let leave = probe(breaker, now);
        breaker.ended(leave, outcome, s(now))
    }

    #[test]
    fn i5_it_opens_after_failures_in_a_row_only() {
        let mut breaker = breaker();
        for _ in 0..10 {
            assert_eq!(call(&mut breaker, Silent, 0), None);
            assert_eq!(call(&mut breaker, Silent, 0), None);
            assert_eq!(call(&mut breaker, Good, 0), None);
        }
        assert_eq!(breaker.state(s(0)), BreakerState::Closed);
        assert_eq!(call(&mut breaker, Silent, 1), None);
        assert_eq!(call(&mut breaker, Silent, 1), None);
        assert_eq!(call(&mut breaker, Silent, 1), Some(Change::Opened(s(5))));
        assert_eq!(breaker.state(s(2)), BreakerState::Open(s(4)));
        assert_eq!(breaker.way(s(2)), Way::Wait(s(4)));
        assert_eq!(breaker.way(s(5)), Way::Wait(s(1)));
        assert!(matches!(breaker.way(s(6)), Way::Probe(_)));
    }

    #[test]
    fn i5_a_probe_decides() {
        let mut breaker = breaker();
        for _ in 0..3 {
            call(&mut breaker, Silent, 0);
        }
        let trial = probe(&mut breaker, 5);
        assert_eq!(breaker.state(s(5)), BreakerState::HalfOpen);
        for _ in 0..5 {
            assert_eq!(breaker.way(s(6)), Way::Wait(WHILE_TRYING));
        }
        assert_eq!(breaker.ended(trial, Good, s(7)), Some(Change::Closed));
        assert_eq!(breaker.state(s(7)), BreakerState::Closed);
        // From the beginning.
        assert_eq!(call(&mut breaker, Silent, 7), None);
        assert_eq!(call(&mut breaker, Silent, 7), None);
        assert_eq!(call(&mut breaker, Silent, 7), Some(Change::Opened(s(5))));
    }

    #[test]
    fn i5_pauses_double_up_to_the_longest_and_begin_anew_after_an_answer() {
        let mut breaker = breaker();
        call(&mut breaker, Silent, 0);
        call(&mut breaker, Silent, 0);
        assert_eq!(call(&mut breaker, Silent, 0), Some(Change::Opened(s(5))));
        for (outcome, now, pause) in [(Silent, 5, 10), (Bad, 15, 15), (Silent, 30, 15)] {
            let opened = Some(Change::Opened(s(pause)));
            assert_eq!(probed(&mut breaker, outcome, now), opened);
        }
        assert_eq!(probed(&mut breaker, Good, 45), Some(Change::Closed));
        call(&mut breaker, Silent, 50);
        call(&mut breaker, Silent, 50);
        assert_eq!(call(&mut breaker, Silent, 50), Some(Change::Opened(s(5))));
    }

    #[test]
    fn i5_bad_answers_count_only_while_there_are_no_good_ones() {
        let mut breaker = breaker();
        call(&mut breaker, Good, 10);
        for _ in 0..100 {
            assert_eq!(call(&mut breaker, Bad, 14), None);
        }
        assert_eq!(breaker.state(s(14)), BreakerState::Closed);
        // Silence counts all the same, and bad answers do not hide it.
        call(&mut breaker, Silent, 14);
        call(&mut breaker, Bad, 14);
        call(&mut breaker, Silent, 14);
        assert_eq!(call(&mut breaker, Silent, 14), Some(Change::Opened(s(5))));
    }

    #[test]
    fn i5_after_bad_answers_a_probe_tells_before_there_is_a_pause() {
        let mut breaker = breaker();
        call(&mut breaker, Good, 0);
        for _ in 0..3 {
            assert_eq!(call(&mut breaker, Bad, 5), None);
        }
        // It was never held back.
        assert_eq!(breaker.state(s(5)), BreakerState::Closed);
        assert_eq!(probed(&mut breaker, Good, 5), None);
        for _ in 0..100 {
            assert_eq!(call(&mut breaker, Bad, 9), None);
        }
        assert_eq!(breaker.state(s(9)), BreakerState::Closed);
        for _ in 0..3 {
            assert_eq!(call(&mut breaker, Bad, 10), None);
        }
        let opened = Some(Change::Opened(s(5)));
        assert_eq!(probed(&mut breaker, Bad, 10), opened);
        assert_eq!(breaker.way(s(11)), Way::Wait(s(4)));
        let opened = Some(Change::Opened(s(10)));
        assert_eq!(probed(&mut breaker, Bad, 15), opened);
    }

    #[test]
    fn i5_calls_from_before_a_change_decide_nothing() {
        let mut breaker = breaker();
        let old = leave(&mut breaker, 0);
        for opened in [None, None, Some(Change::Opened(s(5)))] {
            let leave = leave(&mut breaker, 0);
            assert_eq!(breaker.ended(leave, Silent, s(1)), opened);
        }
        // Neither longer nor shorter.
        assert_eq!(breaker.ended(old, Silent, s(4)), None);
        assert_eq!(breaker.ended(old, Good, s(4)), None);
        assert_eq!(breaker.state(s(4)), BreakerState::Open(s(2)));
        let trial = probe(&mut breaker, 6);
        assert_eq!(breaker.ended(old, Good, s(7)), None);
        assert_eq!(breaker.state(s(7)), BreakerState::HalfOpen);
        let opened = Some(Change::Opened(s(10)));
        assert_eq!(breaker.ended(trial, Silent, s(8)), opened);
    }

    #[test]
    fn no_number_is_too_large() {
        let mut breaker = Breaker::new(
            BreakerLimits::default()
                .with_failures(0)
                .with_pause(Duration::MAX)
                .with_longest_pause(Duration::MAX),
        );
        assert_eq!(
            call(&mut breaker, Silent, u64::MAX),
            Some(Change::Opened(Duration::MAX))
        );
        assert!(matches!(breaker.way(s(u64::MAX)), Way::Wait(_)));
        let limits = BreakerLimits::default();
        assert_eq!(limits.after(31), limits.longest_pause());
        assert_eq!(limits.after(u32::MAX), limits.longest_pause());
    }
}
