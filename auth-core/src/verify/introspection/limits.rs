//! When calls are held back, as a setting, and whether they are.

use core::time::Duration;

/// When calls to an endpoint that fails are held back.
///
/// After some failures in a row none is made for a while, and requests that would need one are refused at once. Then the
/// first request that comes has a probe sent, about a random token that nobody else knows: if that is answered, all is as
/// before, and the request makes its own call; if not, the next pause is twice as long, up to the longest.
///
/// Calls that are not answered count. Those that are answered, but with a failure (500, 429, 403, something unreadable), may
/// say more about the token than about the endpoint: they count only if no call was answered well for the length of the
/// first pause, and then there is a probe before the first pause. So nobody who sends odd tokens cuts the others off.
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

    /// The pause after this many others.
    pub(super) fn after(&self, pauses: u32) -> Duration {
        let factor = 1_u32.checked_shl(pauses).unwrap_or(u32::MAX);
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
    /// A probe is under way, and decides.
    HalfOpen,
}
