//! One piece of work that many wait for.

use core::future::Future;

use tokio::sync::watch;

/// Work that runs once, in a task of its own, however many wait for it. Whoever stops waiting stops nobody else, and
/// not the work.
#[derive(Clone, Debug)]
pub(crate) struct Flight<T>(watch::Receiver<Option<T>>);

impl<T: Clone + Send + Sync + 'static> Flight<T> {
    /// Starts the work.
    ///
    /// # Panics
    /// Outside of a tokio runtime.
    #[cfg(any(test, feature = "jwks"))]
    pub(crate) fn start(work: impl Future<Output = T> + Send + 'static) -> Self {
        let (take_off, flight) = Self::planned();
        take_off.start(work);
        flight
    }

    /// Work that is yet to start, and can be waited for already: for whoever must let go of a lock in between, since a
    /// runtime that stops drops the work at once.
    pub(crate) fn planned() -> (TakeOff<T>, Self) {
        let (landed, flight) = watch::channel(None);
        (TakeOff(landed), Self(flight))
    }

    /// Waits for the result. `None`: the work ended without one, since its runtime stopped or it panicked.
    pub(crate) async fn landed(mut self) -> Option<T> {
        let result = self.0.wait_for(Option::is_some).await.ok()?;
        result.clone()
    }

    /// Whether it is still under way.
    #[cfg(any(test, feature = "jwks"))]
    pub(crate) fn is_under_way(&self) -> bool {
        self.0.borrow().is_none() && self.0.has_changed().is_ok()
    }
}

/// Starts what was [planned](Flight::planned). Dropped instead, it leaves nobody waiting.
#[derive(Debug)]
pub(crate) struct TakeOff<T>(watch::Sender<Option<T>>);

impl<T: Send + Sync + 'static> TakeOff<T> {
    /// # Panics
    /// Outside of a tokio runtime.
    pub(crate) fn start(self, work: impl Future<Output = T> + Send + 'static) {
        tokio::spawn(async move {
            let result = work.await;
            // Nobody may wait any more, which is no reason to stop.
            self.0.send_replace(Some(result));
        });
    }
}

#[cfg(test)]
mod tests {
    use core::future::pending;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::Flight;

    #[tokio::test]
    async fn many_wait_for_one_and_whoever_leaves_stops_nobody() {
        let (gate, opened) = tokio::sync::oneshot::channel::<()>();
        let runs = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&runs);
        let flight = Flight::start(async move {
            let _ = opened.await;
            counted.fetch_add(1, Ordering::SeqCst) + 1
        });
        let mut waiting: Vec<_> = (0..100)
            .map(|_| tokio::spawn(flight.clone().landed()))
            .collect();
        tokio::task::yield_now().await;
        assert!(flight.is_under_way());
        for task in waiting.drain(..50) {
            task.abort();
        }
        assert!(gate.send(()).is_ok());
        for task in waiting {
            assert!(matches!(task.await, Ok(Some(1))));
        }
        assert!(!flight.is_under_way());
        assert_eq!(runs.load(Ordering::SeqCst), 1);
    }

    #[tokio::test]
    async fn work_that_ends_without_a_result_leaves_nobody_waiting() {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(1)
            .build();
        let Ok(runtime) = runtime else {
            unreachable!("a runtime")
        };
        let flight = {
            let _inside = runtime.enter();
            Flight::<()>::start(pending())
        };
        runtime.shutdown_background();
        assert_eq!(flight.clone().landed().await, None);
        assert!(!flight.is_under_way());
    }
}
