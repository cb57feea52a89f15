//! Threads for hashing: few, with a bounded queue before them.

use core::time::Duration;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread::available_parallelism;

use tokio::runtime::Handle;
use tokio::sync::Semaphore;

use crate::refusal::Cause;

/// How soon a refused client may come again: by then the queue has moved on.
const RETRY_AFTER: Duration = Duration::from_secs(1);

/// Runs tasks on tokio's blocking threads, never more at a time than it has workers, and lets only so
/// many wait. Both are held by the task itself, so that a caller that goes away frees its place in
/// the queue at once, and a worker only when its task has ended.
pub(super) struct Pool {
    /// Tasks that wait or run.
    places: Arc<Semaphore>,
    /// Tasks that run.
    workers: Arc<Semaphore>,
}

impl Pool {
    pub(super) fn new(workers: usize, queue: usize) -> Self {
        let places = workers.saturating_add(queue).min(Semaphore::MAX_PERMITS);
        Self {
            places: Arc::new(Semaphore::new(places)),
            workers: Arc::new(Semaphore::new(workers.min(Semaphore::MAX_PERMITS))),
        }
    }

    /// All processors but one, which is left to the async threads.
    pub(super) fn default_workers() -> usize {
        available_parallelism()
            .map_or(1, NonZeroUsize::get)
            .saturating_sub(1)
            .max(1)
    }

    /// Runs the task; says why it could not be run.
    pub(super) async fn run<T: Send + 'static>(
        &self,
        task: impl FnOnce() -> T + Send + 'static,
    ) -> Result<T, Cause> {
        let runtime = Handle::try_current().map_err(|_| {
            Cause::NotConfigured(
                "Passwords hashes on tokio's blocking threads: run the server inside a tokio runtime"
                    .into(),
            )
        })?;
        let place = Arc::clone(&self.places)
            .try_acquire_owned()
            .map_err(|_| unavailable("too many passwords wait to be hashed"))?;
        let worker = Arc::clone(&self.workers)
            .acquire_owned()
            .await
            .map_err(|_| unavailable("password hashing has ended"))?;
        runtime
            .spawn_blocking(move || {
                let _held = (place, worker);
                task()
            })
            .await
            .map_err(|ended| {
                unavailable(if ended.is_panic() {
                    "password hashing panicked"
                } else {
                    "password hashing was cancelled: the runtime is shutting down"
                })
            })
    }
}

/// 503, and never a wrong password: the credentials were not judged.
pub(super) fn unavailable(why: &'static str) -> Cause {
    Cause::unavailable(RETRY_AFTER, why)
}
