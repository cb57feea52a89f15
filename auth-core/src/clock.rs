//! The time as a parameter: whatever asks for it holds a [`Clock`], so that tests can turn it.

use core::fmt;
use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::Arc;
#[cfg(any(feature = "outbound", feature = "metrics"))]
use std::sync::LazyLock;
#[cfg(feature = "jwks")]
use std::sync::Mutex;
#[cfg(feature = "jwks")]
use std::task::{Poll, Waker};
#[cfg(any(feature = "outbound", feature = "metrics"))]
use std::time::Instant;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

/// 9999-12-31T23:59:59Z, the last second that RFC 3339 can write. Later ones are milliseconds, or a mistake of another
/// kind.
#[cfg(feature = "jwt")]
pub(crate) const LAST_SECOND: u64 = 253_402_300_799;

/// Tells the time of day.
///
/// ```
/// use auth_core::Clock;
/// use std::time::Duration;
/// let (clock, hand) = Clock::manual(1_759_312_800);
/// hand.advance(Duration::from_secs(5));
/// assert_eq!(clock.unix_seconds(), 1_759_312_805);
/// ```
#[derive(Clone, Default)]
pub struct Clock(Source);

#[derive(Clone, Default)]
enum Source {
    #[default]
    System,
    Manual(Arc<Hand>),
}

struct Hand {
    unix_seconds: AtomicU64,
    /// Who sleeps until the hand is moved.
    #[cfg(feature = "jwks")]
    sleepers: Mutex<Vec<Waker>>,
}

impl Clock {
    /// The clock of the operating system.
    #[must_use]
    pub const fn system() -> Self {
        Self(Source::System)
    }

    /// A clock that stands still at `unix_seconds` until its hand is moved: for tests.
    #[must_use]
    pub fn manual(unix_seconds: u64) -> (Self, ClockHand) {
        let hand = Arc::new(Hand {
            unix_seconds: AtomicU64::new(unix_seconds),
            #[cfg(feature = "jwks")]
            sleepers: Mutex::default(),
        });
        (Self(Source::Manual(Arc::clone(&hand))), ClockHand(hand))
    }

    /// Whole seconds since 1970-01-01T00:00:00Z, as in a JWT's `NumericDate`; [`u64::MAX`] where the system says an earlier
    /// time, so that everything has ended.
    #[must_use]
    pub fn unix_seconds(&self) -> u64 {
        match &self.0 {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                // A clock before 1970 is no clock: everything has ended.
                .map_or(u64::MAX, |since| since.as_secs()),
            Source::Manual(hand) => hand.unix_seconds.load(Ordering::SeqCst),
        }
    }

    /// Milliseconds since 1970-01-01T00:00:00Z, with the same end where the system says an earlier time: for a nonce, of
    /// which many are issued in one second. Whole seconds under a manual clock.
    #[cfg(feature = "digest")]
    pub(crate) fn unix_millis(&self) -> u64 {
        match &self.0 {
            Source::System => SystemTime::now()
                .duration_since(UNIX_EPOCH)
                .map_or(u64::MAX, |since| {
                    u64::try_from(since.as_millis()).unwrap_or(u64::MAX)
                }),
            Source::Manual(hand) => hand
                .unix_seconds
                .load(Ordering::SeqCst)
                .saturating_mul(1000),
        }
    }

    /// How long ago an arbitrary moment was: for ages, which must not jump when somebody sets the time of day.
    #[cfg(any(feature = "outbound", feature = "metrics"))]
    pub(crate) fn elapsed(&self) -> Duration {
        static START: LazyLock<Instant> = LazyLock::new(Instant::now);
        match &self.0 {
            Source::System => START.elapsed(),
            Source::Manual(hand) => Duration::from_secs(hand.unix_seconds.load(Ordering::SeqCst)),
        }
    }

    /// A random number, so that what many do by their clocks they do not all do at once; 0 under a manual clock.
    #[cfg(feature = "jwks")]
    pub(crate) fn spread(&self) -> u8 {
        let mut spread = [0];
        match &self.0 {
            // Without random octets there is no spread.
            Source::System => aws_lc_rs::rand::fill(&mut spread).unwrap_or_default(),
            Source::Manual(_) => {}
        }
        let [spread] = spread;
        spread
    }

    /// Waits until [`Clock::elapsed`] has reached this much; under a manual clock, until its hand was moved so far.
    #[cfg(feature = "jwks")]
    pub(crate) async fn sleep_until(&self, elapsed: Duration) {
        match &self.0 {
            Source::System => tokio::time::sleep(elapsed.saturating_sub(self.elapsed())).await,
            Source::Manual(hand) => {
                core::future::poll_fn(|cx| {
                    // Under the lock, so that no move of the hand comes between the look and the sleep.
                    let mut sleepers = hand.sleepers();
                    if self.elapsed() >= elapsed {
                        return Poll::Ready(());
                    }
                    if !sleepers.iter().any(|waker| waker.will_wake(cx.waker())) {
                        sleepers.push(cx.waker().clone());
                    }
                    Poll::Pending
                })
                .await;
            }
        }
    }
}

impl Hand {
    /// Moves the hand, and wakes whoever sleeps until it was moved.
    fn turn(&self, turn: impl FnOnce(&AtomicU64)) {
        turn(&self.unix_seconds);
        #[cfg(feature = "jwks")]
        {
            // Not under the lock, which whoever wakes up may take.
            let sleepers = core::mem::take(&mut *self.sleepers());
            sleepers.into_iter().for_each(Waker::wake);
        }
    }

    #[cfg(feature = "jwks")]
    fn sleepers(&self) -> std::sync::MutexGuard<'_, Vec<Waker>> {
        self.sleepers
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
    }
}

impl fmt::Debug for Clock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.0 {
            Source::System => "Clock(system)",
            Source::Manual(_) => "Clock(manual)",
        })
    }
}

/// Moves a [`Clock::manual`].
#[derive(Clone)]
pub struct ClockHand(Arc<Hand>);

impl ClockHand {
    /// Sets the time, in seconds since 1970-01-01T00:00:00Z.
    pub fn set(&self, unix_seconds: u64) {
        self.0
            .turn(|hand| hand.store(unix_seconds, Ordering::SeqCst));
    }

    /// Moves the time forward, by whole seconds.
    pub fn advance(&self, by: Duration) {
        self.0.turn(|hand| {
            hand.fetch_add(by.as_secs(), Ordering::SeqCst);
        });
    }
}

impl fmt::Debug for ClockHand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ClockHand")
    }
}
