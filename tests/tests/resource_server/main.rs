//! The attack table of the resource server: J-1 to J-20 and the bug classes that concern tokens, each attack with its
//! whole answer, and beside it an honest neighbour that is admitted.
//!
//! A row says what is changed in a good token, how the request is refused, and where the attack makes the service ask
//! for keys, which hardly any does. To add one, find the file of its theme in `table`, and write what differs:
//!
//! ```text
//! attack("J-1 J-15 V7", "an ID token", good().header("typ", "JWT"), Refused::Invalid("wrong typ"))
//!     .beside(good().header("typ", "at+jwt")),
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    missing_docs,
    missing_debug_implementations,
    unreachable_pub,
    reason = "tests"
)]

mod harness;
mod table;

mod fetches;
mod log;
mod memory;

use std::collections::BTreeSet;

use crate::harness::{COOLDOWN, KEYS, PARTNER_KEYS, Service, Serving, trap, was_sprung};

#[test]
fn every_rule_has_a_row_and_every_row_a_rule() {
    let rows = table::rows();
    let found: BTreeSet<&str> = rows.iter().flat_map(|row| row.ids.split(' ')).collect();
    let rules = (1..=20).map(|n| format!("J-{n}"));
    let classes = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 15, 21, 24, 28].map(|n| format!("V{n}"));
    let wanted: BTreeSet<String> = rules.chain(classes).collect();
    let found: BTreeSet<String> = found.into_iter().map(str::to_owned).collect();
    assert_eq!(found, wanted);
    let mut names = BTreeSet::new();
    for row in &rows {
        let new = names.insert(&row.name);
        assert!(new, "two rows of one name: {}", row.name);
    }
}

#[tokio::test]
async fn every_attack_is_refused_and_its_neighbour_admitted_by_axum() {
    run_on(Serving::Axum).await;
}

#[tokio::test]
async fn every_attack_is_refused_and_its_neighbour_admitted_by_plain_http() {
    run_on(Serving::Http).await;
}

#[tokio::test]
async fn v9_every_attack_is_refused_where_several_issuers_are_taken() {
    let service = Service::start(Serving::Axum).await;
    let before = service.outside.asked().len();
    let rows = table::rows();
    for _ in 0..2 {
        for row in &rows {
            row.is_the_same_at_several(&service).await;
        }
    }
    // The clock stood still.
    let mut asked = addresses(&service.outside.asked()[before..]);
    asked.sort_unstable();
    assert_eq!(asked, [KEYS, PARTNER_KEYS]);
    nothing_of_a_token_went_out(&service);
}

async fn run_on(serving: Serving) {
    let service = Service::start(serving).await;
    let rows = table::rows();
    for row in &rows {
        // Each row could make the service ask: the last cooldown is over.
        service.after(COOLDOWN);
        let before = service.outside.asked();
        row.is_refused(&service).await;
        row.is_refused(&service).await;
        row.neighbour_is_admitted(&service).await;
        // V21: from memory now.
        let known = service.hits();
        row.neighbour_is_admitted(&service).await;
        assert!(service.hits() > known, "{}", row.name);
        row.is_refused(&service).await;
        row.is_refused(&service).await;
        row.neighbour_is_admitted(&service).await;
        let asked = service.outside.asked().split_off(before.len());
        assert_eq!(addresses(&asked), row.asks, "{}", row.name);
    }
    // All of it once more within one cooldown, with everybody's tokens in memory.
    service.after(COOLDOWN);
    let before = service.outside.asked().len();
    for row in &rows {
        row.is_refused(&service).await;
        row.neighbour_is_admitted(&service).await;
    }
    let mut asked = addresses(&service.outside.asked()[before..]);
    asked.sort_unstable();
    assert_eq!(asked, [KEYS, PARTNER_KEYS]);
    nothing_of_a_token_went_out(&service);
    assert!(!was_sprung(trap()));
}

/// Where the requests went.
fn addresses(asked: &[String]) -> Vec<String> {
    let address = |asked: &String| asked.split(' ').nth(1).unwrap().to_owned();
    asked.iter().map(address).collect()
}

/// J-7, V5: those to one address are all the same.
fn nothing_of_a_token_went_out(service: &Service) {
    let asked: BTreeSet<String> = service.outside.asked().into_iter().collect();
    let [_, _, _, _] = asked.iter().collect::<Vec<_>>()[..] else {
        panic!("the metadata and the keys of two issuers, and not {asked:?}");
    };
}
