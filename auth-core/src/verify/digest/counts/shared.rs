//! A store of whatever type, in one hand.

use core::fmt;
use core::future::Future;
use core::pin::Pin;
use std::sync::Arc;

use super::{CountAnswer, NonceCounts, NonceUse};
use crate::verify::StoreDown;
use crate::verify::digest::NonceId;

/// A store whose type nobody has to name.
#[derive(Clone)]
pub(crate) struct SharedCounts(Arc<dyn AnyCounts>);

/// Tells stores apart, while they are there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct StoreId(usize);

impl SharedCounts {
    pub(crate) fn id(&self) -> StoreId {
        StoreId(Arc::as_ptr(&self.0).addr())
    }

    pub(crate) fn new(counts: impl NonceCounts + 'static) -> Self {
        Self(Arc::new(counts))
    }
}

impl NonceCounts for SharedCounts {
    fn record<'s>(
        &'s self,
        used: NonceUse<'s>,
    ) -> impl Future<Output = Result<CountAnswer, StoreDown>> + Send + 's {
        self.0.record_any(used)
    }

    fn first_cnonce(
        &self,
        nonce: NonceId,
    ) -> impl Future<Output = Result<Option<String>, StoreDown>> + Send + '_ {
        self.0.first_cnonce_any(nonce)
    }

    fn issued(&self, now_ms: u64) {
        self.0.issued_any(now_ms);
    }
}

impl fmt::Debug for SharedCounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SharedCounts(..)")
    }
}

type Answer<'s, T> = Pin<Box<dyn Future<Output = Result<T, StoreDown>> + Send + 's>>;

/// [`NonceCounts`] with futures that have one type.
trait AnyCounts: Send + Sync {
    fn record_any<'s>(&'s self, used: NonceUse<'s>) -> Answer<'s, CountAnswer>;
    fn first_cnonce_any(&self, nonce: NonceId) -> Answer<'_, Option<String>>;
    fn issued_any(&self, now_ms: u64);
}

impl<C: NonceCounts> AnyCounts for C {
    fn record_any<'s>(&'s self, used: NonceUse<'s>) -> Answer<'s, CountAnswer> {
        Box::pin(self.record(used))
    }

    fn first_cnonce_any(&self, nonce: NonceId) -> Answer<'_, Option<String>> {
        Box::pin(self.first_cnonce(nonce))
    }

    fn issued_any(&self, now_ms: u64) {
        self.issued(now_ms);
    }
}

#[cfg(all(test, feature = "testing"))]
mod tests {
    #![allow(clippy::unwrap_used, reason = "what a test takes for granted fails it")]
    use super::*;
    use crate::testing::nonce_counts_contract;
    use crate::verify::digest::MemoryNonceCounts;

    #[test]
    fn a_store_in_other_hands_keeps_the_contract() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let shared = || SharedCounts::new(Arc::new(MemoryNonceCounts::default()));
        nonce_counts_contract(shared, |future| runtime.block_on(future));
    }

    // V17: it hears of the time through all hands.
    #[test]
    fn a_store_in_other_hands_hears_of_challenges() {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        let shared = SharedCounts::new(Arc::new(MemoryNonceCounts::default()));
        shared.issued(1000);
        let old = NonceUse::new(NonceId::new(999, [7; 16]), 1, 5000, 999);
        let answer = runtime.block_on(shared.record(old));
        assert_eq!(answer, Ok(CountAnswer::Used));
    }
}
