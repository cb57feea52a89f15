//! How an issuer's keys are doing.

use core::time::Duration;

use super::KeysError;
use super::shared::Shared;

/// How the keys of an issuer are doing, for pages and alarms of operators.
///
/// ```no_run
/// # use auth_core::jwt::RemoteKeys;
/// # fn shown(keys: &RemoteKeys) {
/// let health = keys.health();
/// if !health.usable {
///     println!("no keys: {:?}, next attempt in {:?}", health.last_error, health.next_attempt);
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeysHealth {
    /// Whether there are keys that count now. If not, tokens are refused with 503.
    pub usable: bool,
    /// How many keys were read last, whether they count or not.
    pub keys: usize,
    /// For how long the issuer has not confirmed them; `None` if there never were any.
    pub age: Option<Duration>,
    /// What went wrong since the last success, the last of it.
    pub last_error: Option<KeysError>,
    /// How many attempts in a row have failed.
    pub failures: u32,
    /// In how much time the issuer is asked again, if nothing happens before.
    pub next_attempt: Duration,
    /// Whether it is being asked at this moment.
    pub fetching: bool,
}

impl KeysHealth {
    pub(super) fn of(keys: &Shared) -> Self {
        let now = keys.clock.elapsed();
        let state = keys.peek();
        Self {
            usable: state.usable(now, keys.max_stale).is_some(),
            keys: state.last().map_or(0, |set| set.keys().len()),
            age: state.fetched_at().map(|then| now.saturating_sub(then)),
            last_error: state.failure().cloned(),
            failures: state.failures(),
            next_attempt: state.next().saturating_sub(now),
            fetching: keys.is_fetching(),
        }
    }
}
