//! What operators can ask a verifier.

use core::fmt;

use super::BreakerState;
use super::calls::Counts;
use crate::verify::CacheStats;

/// How introspection is doing: [`Introspection::health`](super::Introspection::health). It holds nothing of any token.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct IntrospectionHealth {
    /// Whether calls are made.
    pub breaker: BreakerState,
    /// Calls under way, a probe among them.
    pub under_way: usize,
    /// Calls that were begun so far, probes among them.
    pub calls: u64,
    /// Of these, those that told nothing about their token; of the probes, those that were not answered well.
    pub failures: u64,
    /// Requests that were refused at once, since calls were held back or too many were under way.
    pub held_back: u64,
    /// Why the last call failed that did, in words for operators.
    pub last_failure: Option<Box<str>>,
    /// What the cache has done; `None` without one.
    pub cache: Option<CacheStats>,
}

impl IntrospectionHealth {
    pub(super) fn new(breaker: BreakerState, counts: Counts, cache: Option<CacheStats>) -> Self {
        Self {
            breaker,
            under_way: counts.under_way,
            calls: counts.calls,
            failures: counts.failures,
            held_back: counts.held_back,
            last_failure: counts.last_failure.map(|last| last.to_string().into()),
            cache,
        }
    }
}

/// One line for a log or a status page.
impl fmt::Display for IntrospectionHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.breaker {
            BreakerState::Closed => f.write_str("introspection: calls are made")?,
            BreakerState::Open(wait) => write!(f, "introspection: no calls for {wait:?}")?,
            BreakerState::HalfOpen => f.write_str("introspection: a probe is under way")?,
        }
        write!(
            f,
            "; {} calls, {} failed, {} under way, {} requests held back",
            self.calls, self.failures, self.under_way, self.held_back
        )?;
        match &self.last_failure {
            Some(last) => write!(f, "; last failure: {last}"),
            None => Ok(()),
        }
    }
}
