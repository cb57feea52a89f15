//! When to ask for keys, and who waits for it.
//!
//! Readers load a state and wait for nobody. A fetch runs in a task of its own, one at most; its start is the only
//! thing that takes a lock, and nothing is awaited under it.

use core::future::{Future, poll_fn};
use core::pin::pin;
use core::task::Poll;
use core::time::Duration;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, TryLockError, Weak};

use arc_swap::ArcSwap;
use tokio::runtime::Handle;
use tokio::sync::watch;

use super::fetch::Source;
use super::state::{Fetched, State};
use super::{KeysError, log};
use crate::clock::Clock;
use crate::outbound::Flight;

pub(super) struct Shared {
    pub(super) source: Source,
    pub(super) clock: Clock,
    pub(super) max_stale: Duration,
    cooldown: Duration,
    state: ArcSwap<State>,
    fetching: Mutex<Fetching>,
    /// When to ask next, for the task that keeps the keys fresh; that it is gone tells the task to end.
    schedule: watch::Sender<Duration>,
    /// Where fetches run that are started outside of any runtime.
    runtime: Handle,
}

struct Fetching {
    flight: Option<Flight<()>>,
    /// Before this moment no request makes us ask again.
    rest_until: Duration,
}

/// What became of a request's wish for newer keys.
pub(super) enum Wish {
    /// There are newer ones than it has seen.
    Newer,
    /// They are being fetched.
    Fetching(Flight<()>),
    /// It has to go without.
    NotNow,
}

impl Shared {
    pub(super) fn new(
        source: Source,
        clock: Clock,
        max_stale: Duration,
        cooldown: Duration,
    ) -> Result<Arc<Self>, KeysError> {
        let runtime = Handle::try_current().map_err(|_| KeysError::NoRuntime)?;
        let now = clock.elapsed();
        Ok(Arc::new(Self {
            source,
            clock,
            max_stale,
            cooldown,
            state: ArcSwap::from_pointee(State::unknown(now)),
            fetching: Mutex::new(Fetching {
                flight: None,
                rest_until: now,
            }),
            schedule: watch::Sender::new(now),
            runtime,
        }))
    }

    /// The state, after seeing to it that it is refreshed when it is time to.
    pub(super) fn state(self: &Arc<Self>, now: Duration) -> arc_swap::Guard<Arc<State>> {
        let state = self.state.load();
        if state.is_due(now) {
            self.refresh(now);
        }
        state
    }

    /// The state as it is.
    pub(super) fn peek(&self) -> arc_swap::Guard<Arc<State>> {
        self.state.load()
    }

    /// Starts what is due, unless that is under way or being started by somebody else right now.
    fn refresh(self: &Arc<Self>, now: Duration) {
        match self.fetching.try_lock() {
            Ok(fetching) => drop(self.refreshed(fetching, now)),
            Err(TryLockError::Poisoned(error)) => drop(self.refreshed(error.into_inner(), now)),
            Err(TryLockError::WouldBlock) => {}
        }
    }

    /// The fetch that is under way or was due.
    pub(super) fn scheduled(self: &Arc<Self>, now: Duration) -> Option<Flight<()>> {
        self.refreshed(self.fetching(), now)
    }

    fn refreshed(
        self: &Arc<Self>,
        mut fetching: MutexGuard<'_, Fetching>,
        now: Duration,
    ) -> Option<Flight<()>> {
        let under_way = fetching.under_way();
        if under_way.is_none() && self.state.load().is_due(now) {
            return Some(self.start(&mut fetching));
        }
        under_way
    }

    /// Newer keys than `seen`, for a request that finds its key missing there.
    pub(super) fn wish(self: &Arc<Self>, seen: &Arc<State>, now: Duration) -> Wish {
        let mut fetching = self.fetching();
        let state = self.state.load();
        if !Arc::ptr_eq(&state, seen) {
            return Wish::Newer;
        }
        if let Some(flight) = fetching.under_way() {
            return Wish::Fetching(flight);
        }
        // After a failure only the schedule counts: however many tokens come, a provider in trouble is left alone.
        let resting = state.failure().is_some() || now < fetching.rest_until;
        if !state.is_due(now) && resting {
            return Wish::NotNow;
        }
        fetching.rest_until = now.saturating_add(self.cooldown);
        Wish::Fetching(self.start(&mut fetching))
    }

    fn start(self: &Arc<Self>, fetching: &mut Fetching) -> Flight<()> {
        let shared = Arc::clone(self);
        let runtime = Handle::try_current().unwrap_or_else(|_| self.runtime.clone());
        let _inside = runtime.enter();
        let flight = Flight::start(async move { shared.fetch().await });
        fetching.flight = Some(flight.clone());
        flight
    }

    async fn fetch(&self) {
        let attempt = Attempt {
            keys: self,
            former: self.state.load_full(),
            begun: self.clock.elapsed(),
            ended: false,
        };
        let fetched = self.source.fetch(&attempt.former, attempt.begun).await;
        attempt.ended(fetched);
    }

    fn fetching(&self) -> MutexGuard<'_, Fetching> {
        self.fetching.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn is_fetching(&self) -> bool {
        self.fetching().under_way().is_some()
    }

    /// Refreshes the keys when it is time to, until the last handle to them is gone.
    pub(super) fn keep_fresh(self: &Arc<Self>) {
        let (keys, clock, schedule) = (
            Arc::downgrade(self),
            self.clock.clone(),
            self.schedule.subscribe(),
        );
        tokio::spawn(keep_fresh(keys, clock, schedule));
    }
}

impl Fetching {
    fn under_way(&self) -> Option<Flight<()>> {
        self.flight.clone().filter(Flight::is_under_way)
    }
}

/// An attempt that is under way. One that is dropped before its end, with its runtime or in a panic of the client, has
/// failed: the next one takes its time as after any failure.
struct Attempt<'k> {
    keys: &'k Shared,
    former: Arc<State>,
    begun: Duration,
    ended: bool,
}

impl Attempt<'_> {
    fn ended(mut self, fetched: Result<Fetched, KeysError>) {
        self.record(fetched);
    }

    fn record(&mut self, fetched: Result<Fetched, KeysError>) {
        let (keys, former) = (self.keys, &self.former);
        let now = keys.clock.elapsed();
        let spread = keys.clock.spread();
        let state = Arc::new(match fetched {
            Ok(fetched) => former.after_success(fetched, now, spread),
            Err(error) => former.after_failure(error, now, spread),
        });
        keys.state.store(Arc::clone(&state));
        // Not before: what panics up to here is recorded as a failure, or everybody would go on asking.
        self.ended = true;
        keys.schedule.send_replace(state.next());
        log::attempted(&log::Attempt {
            issuer: &keys.source.issuer,
            took: now.saturating_sub(self.begun),
            former,
            state: &state,
            usable: state.usable(now, keys.max_stale).is_some(),
            next: state.next().saturating_sub(now),
        });
    }
}

impl Drop for Attempt<'_> {
    fn drop(&mut self) {
        if !self.ended {
            self.record(Err(KeysError::Stopped));
        }
    }
}

async fn keep_fresh(keys: Weak<Shared>, clock: Clock, mut schedule: watch::Receiver<Duration>) {
    loop {
        let next = *schedule.borrow_and_update();
        match first(clock.sleep_until(next), schedule.changed()).await {
            First::Left(()) => {}
            First::Right(Ok(())) => continue,
            First::Right(Err(_)) => return,
        }
        let Some(shared) = keys.upgrade() else { return };
        let flight = shared.scheduled(clock.elapsed());
        drop(shared);
        if let Some(flight) = flight {
            flight.landed().await;
        }
    }
}

enum First<L, R> {
    Left(L),
    Right(R),
}

async fn first<L, R>(left: impl Future<Output = L>, right: impl Future<Output = R>) -> First<L, R> {
    let (mut left, mut right) = (pin!(left), pin!(right));
    poll_fn(|cx| {
        if let Poll::Ready(output) = right.as_mut().poll(cx) {
            return Poll::Ready(First::Right(output));
        }
        left.as_mut().poll(cx).map(First::Left)
    })
    .await
}
