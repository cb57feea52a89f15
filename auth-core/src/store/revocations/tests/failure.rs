//! A disk that is full or broken: the call fails, the revocation holds, and nobody believes that it is written.

use super::image::{Fails, Image};
use super::{GRACE, ISS, NOW, Revocations};
use crate::clock::Clock;
use crate::store::RevocationsError;

fn clock() -> Clock {
    Clock::manual(NOW).0
}

#[test]
fn on_a_full_disk_the_call_fails_and_the_revocation_holds_and_is_written_later() {
    // Whichever of its writes fails.
    for nth in 0.. {
        let image = Image::default();
        let revocations = image.create(&clock());
        revocations.revoke_token(ISS, "before", NOW).unwrap();
        image.fail(Fails::Write(nth));
        let full = revocations.revoke_token(ISS, "1", NOW);
        if full.is_ok() {
            assert!(nth > 2, "no write failed");
            break;
        }
        assert!(matches!(full, Err(RevocationsError::Io(_))), "{full:?}");
        assert!(revocations.knows("1"));
        image.fail(Fails::Write(0));
        assert!(revocations.revoke_token(ISS, "2", NOW).is_err());

        // There is room again.
        image.fail(None);
        revocations.revoke_token(ISS, "3", NOW).unwrap();
        let crashed = Image::of(image.octets()).open(&clock()).unwrap();
        for jti in ["before", "1", "2", "3"] {
            assert!(crashed.knows(jti), "{nth}: {jti}");
        }
        assert_eq!(crashed.len(), 4);
    }
}

#[test]
fn what_could_not_be_written_is_not_half_there() {
    for nth in 0.. {
        let image = Image::default();
        let revocations = image.create(&clock());
        revocations.revoke_token(ISS, "before", NOW).unwrap();
        image.fail(Fails::Write(nth));
        if revocations.revoke_token(ISS, "1", NOW).is_ok() {
            break;
        }
        drop(revocations);
        image.fail(None);
        let again = image.open(&clock()).unwrap();
        assert!(again.knows("before"));
        again.revoke_token(ISS, "2", NOW).unwrap();
    }
}

#[test]
fn after_a_sync_has_failed_nothing_is_confirmed_any_more() {
    for nth in 0..2 {
        let image = Image::default();
        let revocations = image.create(&clock());
        image.fail(Fails::Sync(nth));
        let failed = revocations.revoke_token(ISS, "1", NOW);
        assert!(matches!(failed, Err(RevocationsError::Io(_))), "{failed:?}");
        assert!(revocations.knows("1"));

        // The system says that all is well. It may have given up what it could not write.
        image.fail(None);
        let doubtful = revocations.revoke_token(ISS, "2", NOW);
        assert!(
            matches!(doubtful, Err(RevocationsError::SyncFailed(_))),
            "{doubtful:?}"
        );
        assert!(revocations.knows("1") && revocations.knows("2"));
        assert!(revocations.purge().is_err());
    }
}

#[test]
fn another_store_in_its_place_is_not_written_to() {
    let (image, other) = (Image::default(), Image::default());
    let revocations = image.create(&clock());
    drop(other.create(&clock()));
    image.fail(Fails::Write(0));
    revocations.revoke_token(ISS, "1", NOW).unwrap_err();
    image.fail(None);
    image.put(other.octets());
    let replaced = revocations.revoke_token(ISS, "2", NOW);
    assert!(
        matches!(replaced, Err(RevocationsError::Replaced(_))),
        "{replaced:?}"
    );
}

#[test]
fn what_has_ended_makes_room_on_a_broken_disk_too() {
    let (clock, hand) = Clock::manual(NOW);
    let image = Image::default();
    let builder = Revocations::builder().with_clock(clock);
    let revocations = image.create_with(builder.with_max_entries(2));
    revocations.revoke_token(ISS, "1", NOW).unwrap();
    revocations.revoke_token(ISS, "2", NOW + 60).unwrap();
    image.fail(Fails::Sync(0));
    // What it knows already takes no room.
    revocations.revoke_token(ISS, "2", NOW + 60).unwrap_err();
    let unwritten = |jti| {
        let error = revocations.revoke_token(ISS, jti, NOW + 60).unwrap_err();
        assert!(matches!(error, RevocationsError::SyncFailed(_)), "{error}");
        assert!(revocations.knows(jti));
    };
    unwritten("2");
    let full = revocations.revoke_token(ISS, "3", NOW + 60).unwrap_err();
    assert!(matches!(full, RevocationsError::Full { .. }), "{full}");
    assert!(!revocations.knows("3"));

    hand.set(NOW + GRACE);
    unwritten("3");
    assert!(!revocations.knows("1") && revocations.knows("2"));
    hand.set(NOW + 60 + GRACE);
    revocations.purge().unwrap_err();
    assert!(revocations.is_empty());
}

#[test]
fn what_cannot_be_written_grows_neither_by_repetition_nor_by_what_has_ended() {
    let (clock, hand) = Clock::manual(NOW);
    let image = Image::default();
    let builder = Revocations::builder().with_clock(clock);
    let revocations = image.create_with(builder.with_max_entries(10));
    let unwritten = || revocations.0.memory.take_unwritten().rows().len();
    image.fail(Fails::Write(0));
    for n in 0..50 {
        let (second, until) = (NOW + n, NOW + n);
        revocations
            .revoke_subject(ISS, "bob", second, until)
            .unwrap_err();
    }
    assert_eq!(unwritten(), 1);
    for n in 0..50 {
        hand.set(NOW + n * GRACE);
        for jti in 0..5 {
            let jti = format!("{n} {jti}");
            revocations
                .revoke_token(ISS, &jti, NOW + n * GRACE)
                .unwrap_err();
            assert!(revocations.knows(&jti));
        }
        assert!(unwritten() <= 10);
    }
}
