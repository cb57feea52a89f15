//! Metrics of tokens and of the providers that issue them, by the schema of [`observability`](crate::observability).

#[cfg(feature = "outbound")]
use core::time::Duration;

use super::family::Family;

static CACHE: Family<1> = Family::new(
    "auth_token_cache_lookups_total",
    ["result"],
    "Tokens that a verifier looked for among those that it had verified before",
);
static REVOCATION: Family<1> = Family::new(
    "auth_revocation_checks_total",
    ["result"],
    "Good tokens that a store or rule of revocations was asked about",
);
#[cfg(feature = "jwks")]
static FETCHES: Family<2> = Family::new(
    "auth_jwks_fetches_total",
    ["issuer", "result"],
    "Attempts to fetch the keys of an issuer",
);
#[cfg(feature = "jwks")]
static FETCH_DURATION: Family<2> = Family::new(
    "auth_jwks_fetch_duration_seconds",
    ["issuer", "result"],
    "Time that such an attempt took",
);
#[cfg(feature = "jwks")]
static USABLE_KEYS: Family<1> = Family::new(
    "auth_jwks_usable_keys",
    ["issuer"],
    "Keys of an issuer that counted after the last attempt; with none, tokens are answered 503",
);
#[cfg(feature = "introspection")]
static CALLS: Family<2> = Family::new(
    "auth_introspection_calls_total",
    ["endpoint", "result"],
    "Calls to an introspection endpoint",
);
#[cfg(feature = "introspection")]
static CALL_DURATION: Family<2> = Family::new(
    "auth_introspection_duration_seconds",
    ["endpoint", "result"],
    "Time that such a call took",
);
#[cfg(feature = "introspection")]
static BREAKER: Family<1> = Family::new(
    "auth_introspection_breaker_open",
    ["endpoint"],
    "1 while calls to an introspection endpoint are held back, else 0",
);

pub(super) fn describe() {
    CACHE.describe_counter();
    REVOCATION.describe_counter();
    #[cfg(feature = "jwks")]
    {
        FETCHES.describe_counter();
        FETCH_DURATION.describe_seconds();
        USABLE_KEYS.describe_gauge();
    }
    #[cfg(feature = "introspection")]
    {
        CALLS.describe_counter();
        CALL_DURATION.describe_seconds();
        BREAKER.describe_gauge();
    }
}

pub(super) fn looked_up(known: bool) {
    CACHE.increment([if known { "hit" } else { "miss" }]);
}

pub(super) fn revocation_checked(result: &'static str) {
    REVOCATION.increment([result]);
}

#[cfg(feature = "jwks")]
pub(super) fn keys_fetched(issuer: &str, result: &'static str, took: Duration, usable: usize) {
    FETCHES.increment([issuer, result]);
    FETCH_DURATION.record([issuer, result], took);
    let usable = u32::try_from(usable).unwrap_or(u32::MAX);
    USABLE_KEYS.set([issuer], usable.into());
}

#[cfg(feature = "introspection")]
pub(super) fn introspected(endpoint: &str, result: &'static str, took: Duration) {
    CALLS.increment([endpoint, result]);
    CALL_DURATION.record([endpoint, result], took);
}

#[cfg(feature = "introspection")]
pub(super) fn held_back(endpoint: &str, open: bool) {
    BREAKER.set([endpoint], open.into());
}
