//! What threads share, by the means of the standard library or of a model checker.

use core::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};

pub(super) trait Threads {
    type Lock<T: Send>: Lock<T>;
    type Number: Number;
}

/// One at a time.
pub(super) trait Lock<T> {
    fn new(value: T) -> Self;
    fn with<R>(&self, run: impl FnOnce(&mut T) -> R) -> R;
}

/// A number that is set in one step.
pub(super) trait Number {
    fn new(value: u64) -> Self;
    fn load(&self) -> u64;
    /// Sets it if it is still the first of these; else says what it is.
    fn replace(&self, old: u64, new: u64) -> Result<u64, u64>;
}

pub(super) struct Native;

impl Threads for Native {
    type Lock<T: Send> = Mutex<T>;
    type Number = AtomicU64;
}

impl<T> Lock<T> for Mutex<T> {
    fn new(value: T) -> Self {
        Self::new(value)
    }

    fn with<R>(&self, run: impl FnOnce(&mut T) -> R) -> R {
        // Nothing that is done under the lock panics, but for want of memory.
        let mut value = self.lock().unwrap_or_else(PoisonError::into_inner);
        run(&mut value)
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
