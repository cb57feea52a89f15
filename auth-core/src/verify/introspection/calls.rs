//! Which calls are under way: one for each token, not too many at once, and none while the endpoint is down.

use core::future::Future;
use core::time::Duration;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::breaker::{Breaker, Leave, Outcome, Way};
use super::endpoint::Failure;
use super::limits::{BreakerLimits, BreakerState};
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
    /// Why the last probe failed, if it did. The failures of calls are no matter of those who are held back: they may be
    /// due to the tokens of others.
    probe_failure: Option<Arc<Failure>>,
}

type Call<V> = Flight<Result<V, Failure>>;

/// How a question is answered.
enum Answer<V> {
    Known(V),
    UnderWay(Call<V>),
    Started(Call<V>, TakeOff<Result<V, Failure>>, Leave),
    AfterProbe(Leave),
}

impl<V: Clone + Send + Sync + 'static> Calls<V> {
    /// What is found out about a token: by the call that is under way, or by one that starts now. `known` says what an
    /// earlier one has found out; the work keeps its result for it. `probe` finds out whether the endpoint is there.
    pub(super) async fn answer<W, P>(
        self: &Arc<Self>,
        token: Digest,
        clock: &Clock,
        known: impl Fn() -> Option<V>,
        work: impl FnOnce() -> W,
        probe: impl Fn() -> P,
    ) -> Result<V, Failure>
    where
        W: Future<Output = Result<V, Failure>> + Send + 'static,
        P: Future<Output = Result<(), Failure>> + Send + 'static,
    {
        // Starting work panics without.
        if tokio::runtime::Handle::try_current().is_err() {
            return Err(Failure::NoRuntime);
        }
        let call = loop {
            match self.find(token, clock, &known)? {
                Answer::Known(value) => return Ok(value),
                Answer::UnderWay(call) => break call,
                Answer::Started(call, take_off, leave) => {
                    self.start(take_off, Some(token), leave, clock, work());
                    break call;
                }
                Answer::AfterProbe(leave) => {
                    let (take_off, flight) = Flight::planned();
                    self.start(take_off, None, leave, clock, probe());
                    flight.landed().await.unwrap_or(Err(Failure::Ended))?;
                }
            }
        };
        call.landed().await.unwrap_or(Err(Failure::Ended))
    }

    /// Starts a call about a token, or a probe.
    fn start<T: Send + Sync + 'static>(
        self: &Arc<Self>,
        take_off: TakeOff<Result<T, Failure>>,
        token: Option<Digest>,
        leave: Leave,
        clock: &Clock,
        work: impl Future<Output = Result<T, Failure>> + Send + 'static,
    ) {
        let seat = Seat {
            calls: Arc::clone(self),
            token,
            leave,
            clock: clock.clone(),
            since: clock.elapsed(),
            landed: false,
        };
        take_off.start(async move {
            let result = work.await;
            seat.landed(result.as_ref().err());
            result
        });
    }

    fn find(
        &self,
        token: Digest,
        clock: &Clock,
        known: impl Fn() -> Option<V>,
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
        let leave = match state.breaker.way(clock.elapsed()) {
            Way::Ask(leave) => leave,
            Way::Probe(leave) => {
                state.calls += 1;
                return Ok(Answer::AfterProbe(leave));
            }
            Way::Wait(wait) => {
                state.held_back += 1;
                return Err(Failure::Held(wait, state.probe_failure.clone()));
            }
        };
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
            probe_failure: None,
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
            under_way: state.under_way.len() + usize::from(state.breaker.is_probing()),
            last_failure: state.last_failure.clone(),
        }
    }

    fn ended(&self, seat: &Seat<V>, failure: Option<&Failure>) {
        let now = seat.clock.elapsed();
        let change = {
            let mut state = self.state();
            let failure = failure.map(|failure| Arc::new(failure.clone()));
            if failure.is_some() {
                state.failures += 1;
                state.last_failure.clone_from(&failure);
            }
            let outcome = failure.as_ref().map_or(Outcome::Good, |it| it.outcome());
            match &seat.token {
                Some(token) => drop(state.under_way.remove(token)),
                None => state.probe_failure = failure,
            }
            state.breaker.ended(seat.leave, outcome, now)
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

/// The place of a call, or of a probe. It is cleared however the call ends: with a result, by a panic, or with its runtime.
struct Seat<V> {
    calls: Arc<Calls<V>>,
    /// `None` of a probe.
    token: Option<Digest>,
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
        let probe = || ready(Ok(()));
        let work = || ready(Ok(1));
        let found = calls.answer(token, &clock, || None, work, probe).await;
        assert_eq!(found, Ok(1));
        let again = || ready(Err::<i32, _>(Failure::Unreadable));
        let found = calls.answer(token, &clock, || Some(1), again, probe).await;
        assert_eq!(found, Ok(1));
        assert_eq!(calls.counts().calls, 1);
    }
}
