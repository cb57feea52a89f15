//! How long an answer is fresh (RFC 9111 §4.2), and when to ask again.

use core::time::Duration;

use http::HeaderMap;
use http::header::{AGE, CACHE_CONTROL};

/// What the application makes of the cache times that a provider names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Bounds {
    pub(super) shortest: Duration,
    pub(super) longest: Duration,
    /// Where the provider names none.
    pub(super) otherwise: Duration,
}

impl Bounds {
    /// For how long an answer with these fields may be used without asking again.
    ///
    /// `max-age` counts, and `s-maxage` where that is missing: it is meant for shared caches, yet says more than
    /// nothing. `no-cache` and `no-store` are no time at all. What the answer has spent in other caches (`Age`) is
    /// taken off. `Expires` is not read. Of doubled directives the shortest counts, and what cannot be read is no time
    /// at all (§4.2.1).
    pub(super) fn lifetime(&self, fields: &HeaderMap) -> Duration {
        let named = named(fields).map(|named| named.saturating_sub(age(fields)));
        named
            .unwrap_or(self.otherwise)
            .clamp(self.shortest, self.longest)
    }
}

fn named(fields: &HeaderMap) -> Option<Duration> {
    let (mut max_age, mut shared): (Option<u64>, Option<u64>) = (None, None);
    for line in fields.get_all(CACHE_CONTROL) {
        // Octets beyond ASCII are in no directive that counts.
        for directive in line.to_str().unwrap_or_default().split(',') {
            let (name, value) = directive.split_once('=').unwrap_or((directive, ""));
            let name = name.trim();
            let shortest = |former: Option<u64>| {
                let seconds = seconds(value.trim().trim_matches('"'));
                Some(former.map_or(seconds, |former| former.min(seconds)))
            };
            if name.eq_ignore_ascii_case("no-store") || name.eq_ignore_ascii_case("no-cache") {
                return Some(Duration::ZERO);
            } else if name.eq_ignore_ascii_case("max-age") {
                max_age = shortest(max_age);
            } else if name.eq_ignore_ascii_case("s-maxage") {
                shared = shortest(shared);
            }
        }
    }
    max_age.or(shared).map(Duration::from_secs)
}

fn age(fields: &HeaderMap) -> Duration {
    let age = fields.get(AGE).and_then(|age| age.to_str().ok());
    Duration::from_secs(age.map_or(0, |age| seconds(age.trim())))
}

/// RFC 9111 §1.2.2: a number that is too large to hold is the largest that can be held.
fn seconds(digits: &str) -> u64 {
    if digits.is_empty() || !digits.bytes().all(|digit| digit.is_ascii_digit()) {
        return 0;
    }
    digits.parse().unwrap_or(u64::MAX)
}

/// When to refresh what is fresh for this long: well before its end, so that nobody waits for it. `spread` of 0 to 255
/// moves it ahead by up to a tenth more, so that many instances do not all ask at once.
pub(super) fn refresh_after(lifetime: Duration, spread: u8) -> Duration {
    let spread = (lifetime / 10).saturating_mul(u32::from(spread)) / 255;
    lifetime.saturating_sub((lifetime / 5).saturating_add(spread))
}

const FIRST_RETRY: Duration = Duration::from_secs(1);
const LAST_RETRY: Duration = Duration::from_mins(1);

/// When to try again after this many failures in a row: after 1 s, 2 s, 4 s … 60 s, by `spread` up to a quarter more.
pub(super) fn retry_after(failures: u32, spread: u8) -> Duration {
    let doubled = 1_u32
        .checked_shl(failures.saturating_sub(1))
        .unwrap_or(u32::MAX);
    let pause = FIRST_RETRY.saturating_mul(doubled).min(LAST_RETRY);
    pause.saturating_add((pause / 4).saturating_mul(u32::from(spread)) / 255)
}

#[cfg(test)]
mod tests {
    use super::*;

    const BOUNDS: Bounds = Bounds {
        shortest: Duration::from_mins(1),
        longest: Duration::from_hours(24),
        otherwise: Duration::from_mins(15),
    };

    fn lifetime(fields: &[(&'static str, &'static str)]) -> u64 {
        let mut map = HeaderMap::new();
        for (name, value) in fields {
            map.append(*name, http::HeaderValue::from_static(value));
        }
        BOUNDS.lifetime(&map).as_secs()
    }

    #[test]
    fn j18_cache_times_are_those_of_the_provider_within_bounds() {
        for (value, expected) in [
            ("max-age=300", 300),
            ("public, MAX-AGE=300 , must-revalidate", 300),
            ("max-age=\"300\"", 300),
            ("max-age=600, max-age=300", 300),
            ("s-maxage=120, max-age=300", 300),
            ("s-maxage=120", 120),
            ("max-age=1", 60),
            ("max-age=0", 60),
            ("max-age=-1", 60),
            ("max-age=", 60),
            ("max-age", 60),
            ("max-age=1e9", 60),
            ("max-age=31536000", 86_400),
            ("max-age=99999999999999999999999999", 86_400),
            ("no-cache", 60),
            ("max-age=300, no-store", 60),
            ("no-cache=\"set-cookie\", max-age=300", 60),
            ("private", 900),
            ("", 900),
            (",,=,;", 900),
        ] {
            assert_eq!(lifetime(&[("cache-control", value)]), expected, "{value}");
        }
        assert_eq!(lifetime(&[]), 900);
        let (long, short) = (
            ("cache-control", "max-age=600"),
            ("cache-control", "max-age=300"),
        );
        assert_eq!(lifetime(&[long, short]), 300);
        for (age, expected) in [
            ("100", 200),
            ("900", 60),
            ("x", 300),
            ("99999999999999999999", 60),
        ] {
            assert_eq!(lifetime(&[short, ("age", age)]), expected, "{age}");
        }
    }

    #[test]
    fn it_is_refreshed_before_the_end_and_retried_ever_more_slowly() {
        let hour = Duration::from_hours(1);
        assert_eq!(refresh_after(hour, 0), Duration::from_mins(48));
        assert_eq!(refresh_after(hour, 255), Duration::from_mins(42));
        assert_eq!(refresh_after(Duration::ZERO, 255), Duration::ZERO);
        assert!(refresh_after(Duration::MAX, 255) <= Duration::MAX / 10 * 8);
        let pauses = [1, 2, 3, 6, 7, 40, u32::MAX].map(|count| retry_after(count, 0).as_secs());
        assert_eq!(pauses, [1, 2, 4, 32, 60, 60, 60]);
        assert_eq!(retry_after(9, 255), Duration::from_secs(75));
    }
}
