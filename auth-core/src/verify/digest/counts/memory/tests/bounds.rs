//! Memory: none for challenges, little for each nonce in use, and an end.

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use core::time::Duration;

use auth_syntax::DigestAlgorithm;

use super::{CountAnswer, LIFETIME, NOW};
use crate::verify::digest::nonce::{NonceSecret, Nonces};
use crate::verify::digest::{MemoryNonceCounts, NonceCounts, NonceUse};

/// The octets of each nonce in use, as measured below: 93.
const MOST_FOR_ONE: u64 = 100;

const REALM: &str = "http-auth@example.org";

fn nonces() -> Nonces {
    let secret = NonceSecret::new([7; 32]).unwrap();
    Nonces::new(secret, Duration::from_millis(LIFETIME))
}

fn challenge(nonces: &Nonces, counts: &MemoryNonceCounts, now: u64) -> String {
    counts.issued(now);
    nonces.issue(REALM, DigestAlgorithm::Sha256, now).unwrap()
}

/// The first request with a nonce that was issued at this time.
fn use_new(nonces: &Nonces, counts: &MemoryNonceCounts, now: u64) -> CountAnswer {
    let nonce = challenge(nonces, counts, now);
    let read = nonces.read(&nonce, REALM, DigestAlgorithm::Sha256, now);
    let read = read.unwrap();
    let used = NonceUse::new(read.id, 1, read.expires_at_ms, now);
    let answer = pin!(counts.record(used));
    match answer.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(answer) => answer.unwrap(),
        Poll::Pending => unreachable!("it answers at once"),
    }
}

fn octets_of(used: u64) -> u64 {
    let nonces = nonces();
    let counts = MemoryNonceCounts::new(2 * usize::try_from(used).unwrap());
    let held = allocation_counter::measure(|| {
        for number in 0..used {
            assert_eq!(
                use_new(&nonces, &counts, NOW + number / 10),
                CountAnswer::Fresh
            );
        }
    });
    assert_eq!(counts.len() as u64, used);
    u64::try_from(held.bytes_current).unwrap()
}

#[test]
fn a_flood_without_credentials_takes_no_memory() {
    let (nonces, counts) = (nonces(), MemoryNonceCounts::default());
    let held = allocation_counter::measure(|| {
        for number in 0..10_000 {
            drop(challenge(&nonces, &counts, NOW + number));
        }
    });
    assert_eq!(held.bytes_current, 0);
    // One nonce at a time.
    assert!(held.bytes_max < 100, "{}", held.bytes_max);
    assert!(counts.is_empty());
}

#[test]
fn ten_thousand_nonces_in_use_take_little() {
    let each = octets_of(10_000) / 10_000;
    assert!(each <= MOST_FOR_ONE, "{each}");
}

#[test]
#[ignore = "a measurement of some seconds: cargo test --release -- --ignored a_million"]
fn a_million_nonces_in_use_take_as_little() {
    let each = octets_of(1_000_000) / 1_000_000;
    assert!(each <= MOST_FOR_ONE, "{each}");
}

// D-11
#[test]
fn d11_many_logins_take_no_more_than_the_bound() {
    let (nonces, counts) = (nonces(), MemoryNonceCounts::new(4096));
    let use_many = |from: u64| {
        allocation_counter::measure(|| {
            for number in 0..10_000 {
                use_new(&nonces, &counts, NOW + from + number / 100);
            }
        })
    };
    let filled = use_many(0).bytes_current;
    assert!(counts.len() <= 4096);
    assert!(
        u64::try_from(filled).unwrap() <= 4096 * MOST_FOR_ONE,
        "{filled}"
    );
    let more = use_many(100).bytes_current;
    assert!(more.unsigned_abs() < filled.unsigned_abs() / 20, "{more}");
}
