//! What a store that several verifiers may ask says when it does not answer.

use core::time::Duration;

use crate::refusal::{Cause, Detail};

/// Nothing is known about when a store comes back.
const RETRY_AFTER: Duration = Duration::from_secs(5);

/// A store that does not answer: words for the log. The request is refused with 503.
///
/// ```
/// use auth_core::StoreDown;
///
/// # fn ask() -> Result<(), std::io::Error> { Ok(()) }
/// fn asked() -> Result<(), StoreDown> {
///     ask().map_err(|error| StoreDown::new(format!("redis: {error}")))
/// }
/// # asked().unwrap();
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoreDown(pub Detail);

impl StoreDown {
    /// With these words, which must hold no secret.
    pub fn new(why: impl Into<Detail>) -> Self {
        Self(why.into())
    }

    pub(crate) fn cause(self) -> Cause {
        Cause::unavailable(RETRY_AFTER, self.0)
    }
}
