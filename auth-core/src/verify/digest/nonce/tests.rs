#![allow(clippy::unwrap_used, reason = "what a test takes for granted fails it")]

use std::collections::HashSet;

use proptest::prelude::*;

use super::*;

const REALM: &str = "http-auth@example.org";
const SHA_256: DigestAlgorithm = DigestAlgorithm::Sha256;
const NOW: u64 = 1_759_312_800_123;
const LIFETIME: Duration = Duration::from_mins(5);
const LIFETIME_MS: u64 = 300_000;

/// The one with [`secret`], computed with Python's `hmac`, `struct` and `base64`.
const KNOWN: &str = "AAABmZ826XugoaKjpKWmp6ipqqusra6vnYylSbZ657iuXz7fKydZcQ";

fn secret() -> NonceSecret {
    let octets: Vec<u8> = (0..32).collect();
    NonceSecret::new(octets).unwrap()
}

fn nonces() -> Nonces {
    Nonces::new(secret(), LIFETIME)
}

fn known_id() -> NonceId {
    NonceId::new(
        NOW,
        core::array::from_fn(|at| 0xa0 + u8::try_from(at).unwrap()),
    )
}

fn is_ours(nonce: &str) -> bool {
    nonces().read(nonce, REALM, SHA_256, NOW).is_some()
}

// D-15: another release, or another instance, knows the nonces of this one.
#[test]
fn d15_the_form_of_a_nonce_is_the_documented_one() {
    assert_eq!(nonces().sealed(known_id(), REALM, SHA_256), KNOWN);
    let read = nonces().read(KNOWN, REALM, SHA_256, NOW);
    let known = ReadNonce {
        id: known_id(),
        expires_at_ms: NOW + LIFETIME_MS,
        expired: false,
    };
    assert_eq!(read, Some(known));
}

// D-15
#[test]
fn d15_what_is_issued_is_known_again_and_unique() {
    let mut seen = HashSet::new();
    for algorithm in DigestAlgorithm::ALL {
        for _ in 0..100 {
            let nonce = nonces().issue(REALM, algorithm, NOW).unwrap();
            let read = nonces().read(&nonce, REALM, algorithm, NOW + 1).unwrap();
            assert_eq!(read.id.issued_at_ms(), NOW);
            assert!(!read.expired);
            assert!(seen.insert(read.id));
            // It stands between quotes in a challenge.
            assert!(
                nonce
                    .bytes()
                    .all(|c| c.is_ascii_alphanumeric() || c == b'-' || c == b'_')
            );
        }
    }
}

// D-12, V17
#[test]
fn d12_a_nonce_is_good_for_its_algorithm_only() {
    for issued in DigestAlgorithm::ALL {
        let nonce = nonces().issue(REALM, issued, NOW).unwrap();
        for asked in DigestAlgorithm::ALL {
            let read = nonces().read(&nonce, REALM, asked, NOW);
            assert_eq!(read.is_some(), issued == asked, "{issued} as {asked}");
        }
    }
}

// D-15, V17
#[test]
fn d15_a_nonce_is_good_for_its_realm_only() {
    for other in [
        "",
        "http-auth@example.or",
        "http-auth@example.org ",
        "HTTP-auth@example.org",
    ] {
        assert_eq!(nonces().read(KNOWN, other, SHA_256, NOW), None, "{other}");
        let nonce = nonces().issue(other, SHA_256, NOW).unwrap();
        assert!(!is_ours(&nonce), "{other}");
        assert!(
            nonces().read(&nonce, other, SHA_256, NOW).is_some(),
            "{other}"
        );
    }
}

// D-15, V17
#[test]
fn d15_a_nonce_of_another_secret_is_foreign() {
    let longer: Vec<u8> = (0..33).collect();
    let other: Vec<u8> = (1..33).collect();
    for other in [
        NonceSecret::new(longer).unwrap(),
        NonceSecret::new(other).unwrap(),
        NonceSecret::random().unwrap(),
    ] {
        let nonces = Nonces::new(other, LIFETIME);
        assert_eq!(nonces.read(KNOWN, REALM, SHA_256, NOW), None);
        assert!(!is_ours(&nonces.issue(REALM, SHA_256, NOW).unwrap()));
    }
}

// D-15, V17: also in the last character, of whose six bits four stand for nothing and must be 0.
#[test]
fn d15_a_nonce_with_one_other_character_is_forged() {
    let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=\0 \"";
    for at in 0..KNOWN.len() {
        for other in alphabet.chars() {
            let mut nonce = KNOWN.to_owned();
            nonce.replace_range(at..=at, other.encode_utf8(&mut [0; 4]));
            assert_eq!(is_ours(&nonce), nonce == KNOWN, "{nonce}");
        }
    }
}

// D-15, V17
#[test]
fn d15_a_nonce_that_was_cut_or_went_on_is_forged() {
    for length in 0..KNOWN.len() {
        assert!(!is_ours(&KNOWN[..length]), "{length}");
        assert!(!is_ours(&KNOWN[KNOWN.len() - length..]), "{length}");
    }
    for nonce in [
        format!("{KNOWN}A"),
        format!("{KNOWN}=="),
        format!(" {KNOWN}"),
        format!("{KNOWN}\n"),
        format!("{KNOWN}{KNOWN}"),
        KNOWN.repeat(2000),
        KNOWN.to_lowercase(),
        // As many octets as a nonce.
        "\u{e9}".repeat(KNOWN.len() / 2),
        "A".repeat(KNOWN.len()),
    ] {
        assert!(!is_ours(&nonce), "{nonce}");
    }
}

// D-14: an expired nonce is told from a foreign one.
#[test]
fn d14_a_nonce_expires_when_its_lifetime_is_over() {
    for (now, expired) in [
        (NOW, false),
        (NOW + LIFETIME_MS - 1, false),
        (NOW + LIFETIME_MS, true),
        (NOW + 1000 * LIFETIME_MS, true),
        // A clock that says nothing: everything has ended.
        (u64::MAX, true),
    ] {
        let read = nonces().read(KNOWN, REALM, SHA_256, now).unwrap();
        assert_eq!(read.expired, expired, "{now}");
    }
}

#[test]
fn the_clock_of_another_instance_may_be_a_little_ahead() {
    for (now, expired) in [
        (NOW - 1, false),
        (NOW - MAX_AHEAD_MS, false),
        (NOW - MAX_AHEAD_MS - 1, true),
        (0, true),
    ] {
        let read = nonces().read(KNOWN, REALM, SHA_256, now).unwrap();
        assert_eq!(read.expired, expired, "{now}");
    }
}

#[test]
fn times_and_lifetimes_beyond_all_clocks_do_not_overflow() {
    let endless = Nonces::new(secret(), Duration::MAX);
    let nonce = endless.issue(REALM, SHA_256, u64::MAX).unwrap();
    for now in [0, NOW, u64::MAX] {
        let read = endless.read(&nonce, REALM, SHA_256, now).unwrap();
        assert_eq!(read.expires_at_ms, u64::MAX);
        assert!(read.expired);
    }
}

// V17: what has ended once stays so, whatever the application is configured with later.
#[test]
fn d15_a_nonce_of_another_lifetime_is_foreign() {
    for lifetime in [LIFETIME / 2, LIFETIME * 2, Duration::MAX] {
        let others = Nonces::new(secret(), lifetime);
        for now in [NOW, NOW + LIFETIME_MS] {
            assert_eq!(others.read(KNOWN, REALM, SHA_256, now), None);
        }
    }
}

#[test]
fn a_secret_is_long_enough_and_tells_nothing() {
    for length in [0, 1, 16, 31] {
        assert!(NonceSecret::new(vec![7; length]).is_err(), "{length}");
    }
    for length in [32, 33, 64, 65, 1000] {
        assert!(NonceSecret::new(vec![7; length]).is_ok(), "{length}");
    }
    let (first, second) = (
        NonceSecret::random().unwrap(),
        NonceSecret::random().unwrap(),
    );
    assert!(first.is_random() && !secret().is_random());
    let nonce = Nonces::new(first, LIFETIME)
        .issue(REALM, SHA_256, NOW)
        .unwrap();
    let second = Nonces::new(second, LIFETIME);
    assert_eq!(second.read(&nonce, REALM, SHA_256, NOW), None);
    assert_eq!(
        format!("{second:?}"),
        "Nonces { secret: NonceSecret([redacted]), lifetime_ms: 300000 }"
    );
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    // V17
    #[test]
    fn v17_no_text_is_ours_by_chance(text in ".{0,80}", like in "[A-Za-z0-9_-]{54}") {
        prop_assert!(!is_ours(&text));
        prop_assert!(!is_ours(&like));
    }

    #[test]
    fn every_realm_and_time_comes_back(realm in ".{0,40}", now: u64, random: [u8; 16]) {
        let id = NonceId::new(now, random);
        let nonce = nonces().sealed(id, &realm, SHA_256);
        let read = nonces().read(&nonce, &realm, SHA_256, now).unwrap();
        prop_assert_eq!(read.id, id);
        prop_assert_eq!(read.expired, now >= now.saturating_add(LIFETIME_MS));
    }

    // Stores with an order of their keys keep the order of nonces.
    #[test]
    fn octets_are_in_the_order_of_nonces(a: (u64, [u8; 16]), b: (u64, [u8; 16])) {
        let (a, b) = (NonceId::new(a.0, a.1), NonceId::new(b.0, b.1));
        prop_assert_eq!(a.cmp(&b), a.to_octets().cmp(&b.to_octets()));
    }
}
