//! Entries leave when their tokens have expired, not before, and make room.

use std::thread;
use std::time::Duration;

use super::{GRACE, ISS, NOW, Place, Revocations, token};
use crate::store::{RevocationsError, Revoked};

#[test]
fn an_entry_leaves_when_no_verifier_takes_its_token_any_more() {
    let place = Place::new();
    let revocations = place.create();
    revocations.revoke_token(ISS, "1", NOW + 60).unwrap();
    revocations
        .revoke_subject(ISS, "ann", NOW, NOW + 60)
        .unwrap();
    place.hand.set(NOW + 60 + GRACE - 1);
    revocations.purge().unwrap();
    assert_eq!(revocations.len(), 2);
    assert!(revocations.is_token_revoked(&token("1")));
    place.hand.set(NOW + 60 + GRACE);
    revocations.purge().unwrap();
    assert_eq!(revocations.len(), 0);
    drop(revocations);
    assert_eq!(place.open().len(), 0);
}

/// An `exp` of a second and nine tenths is known as that second, and a verifier with the longest leeway takes the token in
/// the whole of its last one.
#[test]
fn an_entry_outlives_the_fraction_of_exp() {
    let place = Place::new();
    let revocations = place.create();
    let token = token("1");
    revocations.revoke(&token).unwrap();
    let leeway = crate::JwtVerifier::<()>::MAX_LEEWAY.as_secs();
    place.hand.set(token.expires_at().unwrap() + leeway);
    revocations.purge().unwrap();
    assert!(revocations.is_token_revoked(&token));
    drop(revocations);
    assert!(place.open().is_token_revoked(&token));
}

#[test]
fn an_entry_that_has_ended_is_not_taken_up_when_the_file_is_opened() {
    let place = Place::new();
    place.create().revoke_token(ISS, "1", NOW + 60).unwrap();
    place.hand.set(NOW + 60 + GRACE - 1);
    assert_eq!(place.open().len(), 1);
    place.hand.set(NOW + 60 + GRACE);
    assert_eq!(place.open().len(), 0);
}

#[test]
fn each_revocation_removes_some_of_what_has_ended() {
    let place = Place::new();
    let revocations = place.create();
    let old = (0..100).map(|n| Revoked::token(ISS, format!("old {n}"), NOW));
    revocations.load(old).unwrap();
    place.hand.advance(Duration::from_secs(GRACE));
    revocations.revoke_token(ISS, "a", u64::MAX).unwrap();
    assert_eq!(revocations.len(), 100 - 64 + 1);
    revocations.revoke_token(ISS, "b", u64::MAX).unwrap();
    assert_eq!(revocations.len(), 2);
}

#[test]
fn the_room_of_what_has_ended_is_used_again() {
    let place = Place::new();
    let revocations = place.create();
    let mut sizes = Vec::new();
    for generation in 0..8_u32 {
        let tokens = (0..5_000).map(|n| {
            Revoked::token(
                ISS,
                format!("{generation} {n}"),
                NOW + u64::from(generation),
            )
        });
        revocations.load(tokens).unwrap();
        assert_eq!(revocations.len(), 5_000);
        place.hand.set(NOW + u64::from(generation) + GRACE);
        revocations.purge().unwrap();
        assert_eq!(revocations.len(), 0);
        place.hand.set(NOW + u64::from(generation));
        sizes.push(std::fs::metadata(&place.path).unwrap().len());
    }
    assert!(sizes[7] <= sizes[2], "{sizes:?}");
}

#[test]
fn one_name_is_one_row_however_often_it_is_revoked() {
    let place = Place::new();
    let revocations = place.create();
    for n in 0..50 {
        revocations.revoke_token(ISS, "1", NOW + n).unwrap();
        revocations
            .revoke_subject(ISS, "ann", NOW + n, NOW + n)
            .unwrap();
    }
    // What lasts longer is not cut short.
    revocations.revoke_token(ISS, "1", NOW).unwrap();
    assert_eq!(revocations.len(), 2);
    assert_eq!(rows(revocations, &place), 2);
    place.hand.set(NOW + 49 + GRACE - 1);
    assert_eq!(place.open().len(), 2);
}

/// How many rows the file has.
fn rows(revocations: Revocations, place: &Place) -> u64 {
    use redb::{ReadableDatabase, ReadableTableMetadata, TableDefinition};
    drop(revocations);
    let database = redb::Database::open(&place.path).unwrap();
    let reading = database.begin_read().unwrap();
    let tokens: TableDefinition<'_, (u64, u128), ()> = TableDefinition::new("tokens");
    let rules: TableDefinition<'_, (u64, u128), u64> = TableDefinition::new("rules");
    reading.open_table(tokens).unwrap().len().unwrap()
        + reading.open_table(rules).unwrap().len().unwrap()
}

#[test]
fn a_full_store_takes_no_more_and_forgets_nothing() {
    let place = Place::new();
    let builder = Revocations::builder().with_clock(place.clock.clone());
    let revocations = builder.with_max_entries(2).create(&place.path).unwrap();
    revocations.revoke_token(ISS, "1", NOW).unwrap();
    revocations.revoke_token(ISS, "2", NOW + 60).unwrap();
    let full = revocations.revoke_token(ISS, "3", NOW + 60);
    assert!(
        matches!(full, Err(RevocationsError::Full { max_entries: 2 })),
        "{full:?}"
    );
    assert!(revocations.knows("1") && revocations.knows("2") && !revocations.knows("3"));
    place.hand.advance(Duration::from_secs(GRACE));
    revocations.revoke_token(ISS, "3", NOW + 60).unwrap();
    assert!(!revocations.knows("1") && revocations.knows("2") && revocations.knows("3"));
}

#[test]
fn what_a_full_store_knows_already_it_takes_again() {
    let place = Place::new();
    let builder = Revocations::builder().with_clock(place.clock.clone());
    let revocations = builder.with_max_entries(2).create(&place.path).unwrap();
    let twice = || ["1", "1"].map(|jti| Revoked::token(ISS, jti, NOW));
    revocations.revoke_token(ISS, "2", NOW).unwrap();
    // Two, of one name, for which there is room; and then there is none, nor is any needed.
    revocations.load(twice()).unwrap();
    revocations.load(twice()).unwrap();
    revocations.revoke_token(ISS, "1", NOW + 60).unwrap();
    let full = revocations.load(["1", "3"].map(|jti| Revoked::token(ISS, jti, NOW + 90)));
    assert!(
        matches!(full, Err(RevocationsError::Full { .. })),
        "{full:?}"
    );
    drop(revocations);
    place.hand.set(NOW + 60 + GRACE - 1);
    assert!(place.open().knows("1"));
    // Nothing of what was refused was taken.
    place.hand.set(NOW + 60 + GRACE);
    assert!(place.open().is_empty());
}

#[test]
fn calls_at_the_same_time_do_not_exceed_the_most_entries() {
    let place = Place::new();
    let builder = Revocations::builder().with_clock(place.clock.clone());
    let revocations = builder.with_max_entries(10).create(&place.path).unwrap();
    thread::scope(|scope| {
        for thread in 0..4 {
            let revocations = &revocations;
            scope.spawn(move || {
                for n in 0..10 {
                    let done = revocations.revoke_token(ISS, &format!("{thread} {n}"), NOW);
                    assert!(matches!(
                        done,
                        Ok(()) | Err(RevocationsError::Full { max_entries: 10 })
                    ));
                    assert!(revocations.len() <= 10);
                }
            });
        }
    });
    assert_eq!(revocations.len(), 10);
}

#[test]
fn a_clock_that_tells_no_time_ends_nothing() {
    let place = Place::new();
    let revocations = place.create();
    revocations.revoke_token(ISS, "1", NOW).unwrap();
    // What the clock says before 1970.
    place.hand.set(u64::MAX);
    revocations.purge().unwrap();
    revocations.revoke_token(ISS, "2", NOW).unwrap();
    assert!(revocations.knows("1"));
    drop(revocations);
    let again = place.open();
    assert!(again.knows("1") && again.knows("2"));
}
