//! A call that revokes returns after its data was synced; nothing that happens then loses it.

use std::sync::{Arc, Mutex};
use std::thread;

use super::image::{Image, Op, replay};
use super::{ISS, NOW, Place, Revocations};
use crate::clock::Clock;
use crate::store::Revoked;

fn clock() -> Clock {
    Clock::manual(NOW).0
}

#[test]
fn a_call_returns_after_the_last_of_its_writes_was_synced() {
    let image = Image::default();
    let revocations = image.create(&clock());
    for n in 0..20 {
        let before = image.log().len();
        revocations.revoke_token(ISS, &n.to_string(), NOW).unwrap();
        assert_synced(&image.log()[before..]);
    }
    let before = image.log().len();
    revocations
        .load((0..300).map(|n| Revoked::token(ISS, n.to_string(), NOW)))
        .unwrap();
    assert_synced(&image.log()[before..]);
}

/// Something was written, and nothing after the last sync. (The file may be shortened after it.)
fn assert_synced(done: &[Op]) {
    let writes = |op: &&Op| matches!(op, Op::Write(..));
    let mut unsynced = done.iter().rev().take_while(|op| **op != Op::Sync);
    assert!(done.iter().any(|op| writes(&op)), "nothing was written");
    assert!(!unsynced.any(|op| writes(&op)), "{unsynced:?}");
}

/// After every single operation on the disk the power may fail: what was synced is there, of the rest any part.
#[test]
fn whenever_the_power_fails_what_was_confirmed_is_there() {
    let image = Image::default();
    let revocations = image.create(&clock());
    // After so many operations, so many are confirmed.
    let mut confirmed = vec![(image.log().len(), 0)];
    for n in 0..6 {
        revocations.revoke_token(ISS, &n.to_string(), NOW).unwrap();
        confirmed.push((image.log().len(), n + 1));
    }
    let log = image.log();
    let mut synced = Vec::new();
    let mut open = Vec::new();
    for (done, op) in log.iter().enumerate() {
        open.push(op);
        if *op == Op::Sync {
            replay(&mut synced, open.drain(..));
        }
        let Some((_, known)) = confirmed.iter().rev().find(|(at, _)| *at <= done + 1) else {
            continue; // the store is not made yet
        };
        for left in lost(&open) {
            let mut octets = synced.clone();
            replay(&mut octets, left);
            let again = Image::of(octets).open(&clock()).unwrap();
            assert!((0..*known).all(|n| again.knows(&n.to_string())), "{done}");
            assert!(again.len() <= known + 1);
        }
    }
}

/// What may be left of operations that were not synced: the first ones, the last ones, all but one.
fn lost<'a>(open: &[&'a Op]) -> Vec<Vec<&'a Op>> {
    let mut all: Vec<Vec<&Op>> = Vec::new();
    for n in 0..=open.len() {
        all.push(open[..n].to_vec());
        all.push(open[n..].to_vec());
        let others = open.iter().enumerate().filter(|(at, _)| *at != n);
        all.push(others.map(|(_, op)| *op).collect());
    }
    all
}

#[test]
fn verifiers_do_not_wait_for_a_sync_and_see_what_is_being_written() {
    let image = Image::default();
    let revocations = image.create(&clock());
    let slow = Arc::new(Mutex::new(()));
    let waiting = slow.lock().unwrap();
    image.slow_down(&slow);
    let before = image.syncs_begun();
    let writer = thread::spawn({
        let revocations = revocations.clone();
        move || revocations.revoke_token(ISS, "1", NOW)
    });
    while image.syncs_begun() == before {
        assert!(!writer.is_finished(), "nothing was synced");
        thread::yield_now();
    }
    assert!(revocations.knows("1"));
    assert!(!revocations.knows("2"));
    assert!(!writer.is_finished());
    drop(waiting);
    writer.join().unwrap().unwrap();
}

#[test]
fn many_threads_revoke_and_ask_at_once() {
    let place = Place::new();
    let revocations = place.create();
    thread::scope(|scope| {
        for thread in 0..4 {
            let revocations = &revocations;
            scope.spawn(move || {
                for n in 0..25 {
                    let jti = format!("{thread} {n}");
                    assert!(!revocations.knows(&jti));
                    revocations.revoke_token(ISS, &jti, NOW).unwrap();
                    assert!(revocations.knows(&jti));
                    // All of them write this one.
                    revocations
                        .revoke_subject(ISS, "bob", NOW + n, NOW + n)
                        .unwrap();
                }
            });
        }
    });
    assert_eq!(revocations.len(), 101);
    drop(revocations);
    let again: Revocations = place.open();
    assert_eq!(again.len(), 101);
}
