//! When to stop asking an endpoint that does not answer, and when to ask again: a state machine that knows no clock.

use core::time::Duration;

/// When calls to an endpoint that fails are held back.
///
/// After some failures in a row none is made for a while, and requests that would need one are refused at once. Then one
/// call tries: if it is answered, all is as before; if not, the next pause is twice as long, up to the longest.
///
/// ```
/// use auth_core::introspection::BreakerLimits;
/// use std::time::Duration;
///
/// let limits = BreakerLimits::default()
///     .with_failures(3)
///     .with_pause(Duration::from_secs(2))
///     .with_longest_pause(Duration::from_secs(30));
/// assert_eq!(limits.failures(), 3);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerLimits {
    failures: u32,
    pause: Duration,
    longest_pause: Duration,
}

impl BreakerLimits {
    /// How many failures in a row it takes: 5 unless set. At least 1.
    #[must_use]
    pub const fn with_failures(mut self, failures: u32) -> Self {
        self.failures = if failures == 0 { 1 } else { failures };
        self
    }

    /// The first pause: 5 seconds unless set.
    #[must_use]
    pub const fn with_pause(mut self, pause: Duration) -> Self {
        self.pause = pause;
        self
    }

    /// The longest pause: 60 seconds unless set. It is how long the service may go on refusing after the endpoint has
    /// come back.
    #[must_use]
    pub const fn with_longest_pause(mut self, pause: Duration) -> Self {
        self.longest_pause = pause;
        self
    }

    /// How many failures in a row it takes.
    #[must_use]
    pub const fn failures(&self) -> u32 {
        self.failures
    }

    /// The first pause.
    #[must_use]
    pub const fn pause(&self) -> Duration {
        self.pause
    }

    /// The longest pause.
    #[must_use]
    pub const fn longest_pause(&self) -> Duration {
        self.longest_pause
    }

    /// The pause after this many failed trials.
    fn after(&self, trials: u32) -> Duration {
        let factor = 1_u32.checked_shl(trials).unwrap_or(u32::MAX);
        self.pause.saturating_mul(factor).min(self.longest_pause)
    }
}

impl Default for BreakerLimits {
    fn default() -> Self {
        Self {
            failures: 5,
            pause: Duration::from_secs(5),
            longest_pause: Duration::from_mins(1),
        }
    }
}

/// What a breaker does with calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum BreakerState {
    /// They are made.
    Closed,
    /// None is made for this long.
    Open(Duration),
    /// One is under way, and decides.
    HalfOpen,
}

/// What changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Change {
    /// No more calls for this long.
    Opened(Duration),
    /// As before.
    Closed,
}

/// Leave to make one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Leave {
    /// What comes of a call tells nothing any more once the breaker has changed.
    generation: u64,
}

/// Moments are times since some moment that is always the same.
#[derive(Debug)]
pub(super) struct Breaker {
    limits: BreakerLimits,
    at: At,
    generation: u64,
}

#[derive(Debug)]
enum At {
    Closed { failures: u32 },
    Open { until: Duration, trials: u32 },
    HalfOpen { trials: u32 },
}

/// While one call tries nobody knows how long it takes; the next moment is as good a guess as any.
const WHILE_TRYING: Duration = Duration::from_secs(1);

impl Breaker {
    pub(super) fn new(limits: BreakerLimits) -> Self {
        Self {
            limits,
            at: At::Closed { failures: 0 },
            generation: 0,
        }
    }

    /// Whether a call may be made; else when to ask again.
    pub(super) fn leave(&mut self, now: Duration) -> Result<Leave, Duration> {
        match self.at {
            At::Closed { .. } => {}
            At::Open { until, .. } if now < until => return Err(until.saturating_sub(now)),
            At::Open { trials, .. } => self.change(At::HalfOpen { trials }),
            At::HalfOpen { .. } => return Err(WHILE_TRYING),
        }
        Ok(Leave {
            generation: self.generation,
        })
    }

    /// What came of a call.
    pub(super) fn ended(&mut self, leave: Leave, answered: bool, now: Duration) -> Option<Change> {
        if leave.generation != self.generation {
            return None;
        }
        match (&mut self.at, answered) {
            (At::Closed { failures }, true) => {
                *failures = 0;
                None
            }
            (At::Closed { failures }, false) => {
                *failures += 1;
                (*failures >= self.limits.failures).then(|| self.open(0, now))
            }
            (At::HalfOpen { .. }, true) => {
                self.change(At::Closed { failures: 0 });
                Some(Change::Closed)
            }
            (At::HalfOpen { trials }, false) => {
                let trials = trials.saturating_add(1);
                Some(self.open(trials, now))
            }
            // No leave is given while it is open.
            (At::Open { .. }, _) => None,
        }
    }

    pub(super) fn state(&self, now: Duration) -> BreakerState {
        match self.at {
            At::Closed { .. } => BreakerState::Closed,
            At::Open { until, .. } => BreakerState::Open(until.saturating_sub(now)),
            At::HalfOpen { .. } => BreakerState::HalfOpen,
        }
    }

    fn open(&mut self, trials: u32, now: Duration) -> Change {
        let pause = self.limits.after(trials);
        self.change(At::Open {
            until: now.saturating_add(pause),
            trials,
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
    #![allow(clippy::unwrap_used)]
    use super::{Breaker, BreakerLimits, BreakerState, Change, Duration, WHILE_TRYING};

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

    /// Makes one call that ends at once.
    fn call(breaker: &mut Breaker, answered: bool, now: u64) -> Option<Change> {
        let leave = breaker.leave(s(now)).unwrap();
        breaker.ended(leave, answered, s(now))
    }

    #[test]
    fn i5_it_opens_after_failures_in_a_row_only() {
        let mut breaker = breaker();
        for _ in 0..10 {
            assert_eq!(call(&mut breaker, false, 0), None);
            assert_eq!(call(&mut breaker, false, 0), None);
            assert_eq!(call(&mut breaker, true, 0), None);
        }
        assert_eq!(breaker.state(s(0)), BreakerState::Closed);
        assert_eq!(call(&mut breaker, false, 1), None);
        assert_eq!(call(&mut breaker, false, 1), None);
        assert_eq!(call(&mut breaker, false, 1), Some(Change::Opened(s(5))));
        assert_eq!(breaker.state(s(2)), BreakerState::Open(s(4)));
        assert_eq!(breaker.leave(s(2)), Err(s(4)));
        assert_eq!(breaker.leave(s(5)), Err(s(1)));
        assert!(breaker.leave(s(6)).is_ok());
    }

    #[test]
    fn i5_one_call_tries_and_decides() {
        let mut breaker = breaker();
        for _ in 0..3 {
            call(&mut breaker, false, 0);
        }
        let trial = breaker.leave(s(5)).unwrap();
        assert_eq!(breaker.state(s(5)), BreakerState::HalfOpen);
        for _ in 0..5 {
            assert_eq!(breaker.leave(s(6)), Err(WHILE_TRYING));
        }
        assert_eq!(breaker.ended(trial, true, s(7)), Some(Change::Closed));
        assert_eq!(breaker.state(s(7)), BreakerState::Closed);
        // From the beginning.
        assert_eq!(call(&mut breaker, false, 7), None);
        assert_eq!(call(&mut breaker, false, 7), None);
        assert_eq!(call(&mut breaker, false, 7), Some(Change::Opened(s(5))));
    }

    #[test]
    fn i5_pauses_double_up_to_the_longest_and_begin_anew_after_an_answer() {
        let mut breaker = breaker();
        call(&mut breaker, false, 0);
        call(&mut breaker, false, 0);
        assert_eq!(call(&mut breaker, false, 0), Some(Change::Opened(s(5))));
        assert_eq!(call(&mut breaker, false, 5), Some(Change::Opened(s(10))));
        assert_eq!(call(&mut breaker, false, 15), Some(Change::Opened(s(15))));
        assert_eq!(call(&mut breaker, false, 30), Some(Change::Opened(s(15))));
        assert_eq!(call(&mut breaker, true, 45), Some(Change::Closed));
        call(&mut breaker, false, 50);
        call(&mut breaker, false, 50);
        assert_eq!(call(&mut breaker, false, 50), Some(Change::Opened(s(5))));
    }

    #[test]
    fn i5_calls_from_before_a_change_decide_nothing() {
        let mut breaker = breaker();
        let old = breaker.leave(s(0)).unwrap();
        for opened in [None, None, Some(Change::Opened(s(5)))] {
            let leave = breaker.leave(s(0)).unwrap();
            assert_eq!(breaker.ended(leave, false, s(1)), opened);
        }
        // Neither longer nor shorter.
        assert_eq!(breaker.ended(old, false, s(4)), None);
        assert_eq!(breaker.ended(old, true, s(4)), None);
        assert_eq!(breaker.state(s(4)), BreakerState::Open(s(2)));
        let trial = breaker.leave(s(6)).unwrap();
        assert_eq!(breaker.ended(old, true, s(7)), None);
        assert_eq!(breaker.state(s(7)), BreakerState::HalfOpen);
        assert_eq!(
            breaker.ended(trial, false, s(8)),
            Some(Change::Opened(s(10)))
        );
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
            call(&mut breaker, false, u64::MAX),
            Some(Change::Opened(Duration::MAX))
        );
        assert!(breaker.leave(s(u64::MAX)).is_err());
        let limits = BreakerLimits::default();
        assert_eq!(limits.after(31), limits.longest_pause());
        assert_eq!(limits.after(u32::MAX), limits.longest_pause());
    }
}
