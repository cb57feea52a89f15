//! How an issuer's keys are doing.

use core::fmt;
use core::time::Duration;

use super::KeysError;
use super::shared::Shared;

/// How the keys of an issuer are doing, for pages and alarms of operators.
///
/// ```no_run
/// # use auth_core::jwt::RemoteKeys;
/// # fn shown(keys: &RemoteKeys) {
/// let health = keys.health();
/// println!("{health}"); // 2 keys, confirmed 12 s ago, next attempt in 708 s
/// if !health.usable {
///     println!("tokens are answered 503: {:?}", health.last_error);
/// }
/// # }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeysHealth {
    /// Whether there are keys that count now. If not, tokens are refused with 503.
    pub usable: bool,
    /// How many usable keys were read last, whether they count or not: 0 too if the issuer has withdrawn all of them.
    pub keys: usize,
    /// For how long the issuer has not confirmed them, or that there are none; `None` if no keys were ever read.
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

/// One line for people.
impl fmt::Display for KeysHealth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.age {
            Some(age) => {
                let plural = if self.keys == 1 { "" } else { "s" };
                let seconds = age.as_secs();
                write!(f, "{} key{plural}, confirmed {seconds} s ago", self.keys)?;
            }
            None => f.write_str("no keys yet")?,
        }
        if !self.usable && self.age.is_some() && self.keys > 0 {
            f.write_str(", too old to count")?;
        }
        if let Some(error) = &self.last_error {
            write!(f, ", {} failed attempts ({error})", self.failures)?;
        }
        if self.fetching {
            f.write_str(", being fetched")
        } else {
            write!(f, ", next attempt in {} s", self.next_attempt.as_secs())
        }
    }
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::{KeysError, KeysHealth};

    #[test]
    fn one_line_says_how_they_are_doing() {
        let fresh = KeysHealth {
            usable: true,
            keys: 2,
            age: Some(Duration::from_millis(12_900)),
            last_error: None,
            failures: 0,
            next_attempt: Duration::from_secs(708),
            fetching: false,
        };
        assert_eq!(
            fresh.to_string(),
            "2 keys, confirmed 12 s ago, next attempt in 708 s"
        );
        let failing = KeysHealth {
            usable: false,
            last_error: Some(KeysError::Stopped),
            failures: 3,
            fetching: true,
            ..fresh.clone()
        };
        assert_eq!(
            failing.to_string(),
            "2 keys, confirmed 12 s ago, too old to count, 3 failed attempts (the attempt was stopped), being fetched"
        );
        let none = KeysHealth {
            age: None,
            ..failing
        };
        assert!(none.to_string().starts_with("no keys yet, 3 failed"));
    }
}
