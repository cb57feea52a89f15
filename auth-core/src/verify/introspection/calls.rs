//! Which calls are under way: one for each token, not too many at once, and none while the endpoint is down.

use core::future::Future;
use core::time::Duration;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::breaker::{Breaker, BreakerLimits, BreakerState, Leave};
use super::endpoint::Failure;
use super::log;
use crate::clock::Clock;
use crate::outbound::{Address, Flight, TakeOff};
use crate::verify::token_cache::Digest;

/// What calls have come to so far.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    pub(super) calls: u64,
    pub(super) failures: u64,
    /// Requests that were refused since no call was made.
    pub(super) held_back: u64,
    pub(super) under_way: usize,
    pub(super) last_failure: Option<Arc<Failure>>,
}

/// Calls that yield a `V`.
pub(super) struct Calls<V> {
    /// For the log.
    endpoint: Address,
    most: usize,
    /// Never held while something is awaited, started or logged.
    state: Mutex<State<V>>,
}

struct State<V> {
    under_way: HashMap<Digest, Call<V>>,
    breaker: Breaker,
    /// By which it was last asked.
    clock: Clock,
    calls: u64,
    failures: u64,
    held_back: u64,
    last_failure: Option<Arc<Failure>>,
}

type Call<V> = Flight<Result<V, Failure>>;

/// How a question is answered.
enum Answer<V> {
    Known(V),
    UnderWay(Call<V>),
    Started(Call<V>, TakeOff<Result<V, Failure>>, Leave),
}

impl<V: Clone + Send + Sync + 'static> Calls<V> {
    /// What is found out about a token: by the call that is under way, or by one that starts now. `known` says what an
    /// earlier one has found out; the work keeps its result for it.
    pub(super) async fn answer<W>(
        self: &Arc<Self>,
        token: Digest,
        clock: &Clock,
        known: impl FnOnce() -> Option<V>,
        work: impl FnOnce() -> W,
    ) -> Result<V, Failure>
    where
        W: Future<Output = Result<V, Failure>> + Send + 'static,
    {
        // Starting work panics without.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Failure::NoRuntime);
        }
        let call = match self.find(token, clock, known)? {
            Answer::Known(value) => return Ok(value),
            Answer::UnderWay(call) => call,
            Answer::Started(call, take_off, leave) => {
                let seat = Seat {
                    calls: Arc::clone(self),
                    token,
                    leave,
                    clock: clock.clone(),
                    since: clock.elapsed(),
                    landed: false,
                };
                let work = work();
                take_off.start(async move {
                    let result = work.await;
                    seat.landed(result.as_ref().err());
                    result
                });
                call
            }
        };
        call.landed().await.unwrap_or(Err(Failure::Ended))
    }

    fn find(
        &self,
        token: Digest,
        clock: &Clock,
        known: impl FnOnce() -> Option<V>,
    ) -> Result<Answer<V>, Failure> {
        let mut guard = self.state();
        let state = &mut *guard;
        let full = state.under_way.len() >= self.most;
        let place = match state.under_way.entry(token) {
            Entry::Occupied(call) => return Ok(Answer::UnderWay(call.get().clone())),
            Entry::Vacant(place) => place,
        };
        // A call that ended meanwhile has left its result before it left its place.
        if let Some(value) = known() {
            return Ok(Answer::Known(value));
        }
        if full {
            state.held_back += 1;
            return Err(Failure::TooMany);
        }
        state.clock = clock.clone();
        let leave = state.breaker.leave(clock.elapsed()).map_err(|wait| {
            state.held_back += 1;
            Failure::Held(wait, state.last_failure.clone())
        })?;
        state.calls += 1;
        let (take_off, call) = Flight::planned();
        place.insert(call.clone());
        Ok(Answer::Started(call, take_off, leave))
    }
}

impl<V> Calls<V> {
    /// At most so many at once.
    pub(super) fn new(endpoint: Address, most: usize, limits: BreakerLimits) -> Self {
        let state = State {
            under_way: HashMap::new(),
            breaker: Breaker::new(limits),
            clock: Clock::system(),
            calls: 0,
            failures: 0,
            held_back: 0,
            last_failure: None,
        };
        Self {
            endpoint,
            most,
            state: Mutex::new(state),
        }
    }

    pub(super) fn breaker(&self) -> BreakerState {
        let state = self.state();
        state.breaker.state(state.clock.elapsed())
    }

    pub(super) fn counts(&self) -> Counts {
        let state = self.state();
        Counts {
            calls: state.calls,
            failures: state.failures,
            held_back: state.held_back,
            under_way: state.under_way.len(),
            last_failure: state.last_failure.clone(),
        }
    }

    fn ended(&self, seat: &Seat<V>, failure: Option<&Failure>) {
        let now = seat.clock.elapsed();
        let change = {
            let mut state = self.state();
            state.under_way.remove(&seat.token);
            if let Some(failure) = failure {
                state.failures += 1;
                state.last_failure = Some(Arc::new(failure.clone()));
            }
            let answered = !failure.is_some_and(Failure::is_outage);
            state.breaker.ended(seat.leave, answered, now)
        };
        log::called(&self.endpoint, failure, now.saturating_sub(seat.since));
        if let Some(change) = change {
            log::changed(&self.endpoint, change);
        }
    }

    fn state(&self) -> MutexGuard<'_, State<V>> {
        // What is changed under the lock is whole at every step.
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The place of a call. It is cleared however the call ends: with a result, by a panic, or with its runtime.
struct Seat<V> {
    calls: Arc<Calls<V>>,
    token: Digest,
    leave: Leave,
    clock: Clock,
    since: Duration,
    landed: bool,
}

impl<V> Seat<V> {
    fn landed(mut self, failure: Option<&Failure>) {
        self.landed = true;
        self.calls.ended(&self, failure);
    }
}

impl<V> Drop for Seat<V> {
    fn drop(&mut self) {
        if !self.landed {
            self.calls.ended(self, Some(&Failure::Ended));
        }
    }
}

#[cfg(test)]
mod tests {
    use core::future::ready;
    use std::sync::Arc;

    use super::{BreakerLimits, Calls, Clock, Digest, Failure};
    use crate::outbound::{Address, PlainHttp};
    use crate::verify::token_cache::Secret;

    #[tokio::test]
    async fn what_a_call_found_out_meanwhile_is_not_asked_again() {
        let address = Address::new("https://login.example.com", PlainHttp::Refused);
        let (Ok(address), Some(secret)) = (address, Secret::of_this_process()) else {
            unreachable!("an address and random octets")
        };
        let calls = Arc::new(Calls::new(address, 1, BreakerLimits::default()));
        let token = Digest::of("token", &secret);
        let clock = Clock::system();
        let found = calls.answer(token, &clock, || None, || ready(Ok(1))).await;
        assert_eq!(found, Ok(1));
        let again = || ready(Err::<i32, _>(Failure::Unreadable));
        let found = calls.answer(token, &clock, || Some(1), again).await;
        assert_eq!(found, Ok(1));
        assert_eq!(calls.counts().calls, 1);
    }
}
