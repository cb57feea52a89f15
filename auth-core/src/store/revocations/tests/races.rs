//! Several calls at once about one name: what any of them has confirmed is on the disk from then on.

use std::iter;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use super::image::{Fails, Image};
use super::{ISS, NOW, Revocations, token};
use crate::clock::Clock;
use crate::store::Revoked;
use crate::verify::TokenFacts;

const UNTIL: u64 = NOW + 3600;

fn clock() -> Clock {
    Clock::manual(NOW).0
}

impl Revocations {
    fn rules_out(&self, subject: &str, issued_at: u64) -> bool {
        self.is_token_revoked(&TokenFacts {
            subject: Some(subject.into()),
            issued_at: Some(issued_at),
            ..token("another")
        })
    }
}

/// What this process would know if it were started again now.
fn restarted(image: &Image) -> Revocations {
    Image::of(image.octets()).open(&clock()).unwrap()
}

#[test]
fn what_was_confirmed_stays_on_the_disk_while_others_revoke_the_same_name() {
    let image = Image::default();
    let revocations = image.create(&clock());
    let next = AtomicU64::new(NOW);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for _ in 0..40 {
                    let second = next.fetch_add(1, Ordering::Relaxed);
                    revocations
                        .revoke_subject(ISS, "ann", second, UNTIL)
                        .unwrap();
                    assert!(restarted(&image).rules_out("ann", second), "{second}");
                }
            });
        }
    });
    assert_eq!(restarted(&image).len(), 1);
}

/// One call begins with a name and then has many others to keep, the other has this name only: it comes later, with a later
/// second, and yet writes first.
#[test]
fn a_long_batch_does_not_overwrite_what_a_short_one_has_written() {
    let image = Image::default();
    let revocations = image.create(&clock());
    for round in 0..6 {
        let name = format!("ann {round}");
        let others = (0..2000).map(|n| format!("{round} {n}"));
        let names = iter::once(name.clone()).chain(others);
        thread::scope(|scope| {
            let long = scope.spawn(|| {
                revocations.load(names.map(|name| Revoked::subject(ISS, name, NOW, UNTIL)))
            });
            while !revocations.rules_out(&name, NOW) && !long.is_finished() {
                thread::yield_now();
            }
            revocations
                .revoke_subject(ISS, &name, NOW + 1, UNTIL)
                .unwrap();
            assert!(restarted(&image).rules_out(&name, NOW + 1), "{round}");
            long.join().unwrap().unwrap();
        });
        assert!(restarted(&image).rules_out(&name, NOW + 1), "{round}");
    }
}

#[test]
fn calls_that_fail_take_nothing_from_the_others() {
    let image = Image::default();
    let revocations = image.create(&clock());
    let next = AtomicU64::new(NOW);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                for n in 0..40 {
                    if n % 4 == 0 {
                        image.fail(Fails::Write(n / 4));
                    }
                    let second = next.fetch_add(1, Ordering::Relaxed);
                    let until = UNTIL + second % 3;
                    let done = revocations.revoke_subject(ISS, "ann", second, until);
                    assert!(revocations.rules_out("ann", second));
                    image.fail(None);
                    if done.is_ok() {
                        assert!(restarted(&image).rules_out("ann", second), "{second}");
                    }
                }
            });
        }
    });
    // What could not be written goes along with the next one.
    revocations.revoke_token(ISS, "1", NOW).unwrap();
    let again = restarted(&image);
    assert!(again.rules_out("ann", NOW + 159));
    assert!(!again.rules_out("ann", NOW + 160));
    assert_eq!(again.len(), 2);
}

/// Two calls have kept what they revoke and not written it yet.
#[test]
fn who_writes_first_writes_for_all_and_the_others_overwrite_nothing() {
    let image = Image::default();
    let revocations = image.create(&clock());
    let memory = &revocations.0.memory;
    let row = |second, until| [revocations.row(&Revoked::subject(ISS, "ann", second, until))];
    assert!(memory.add(&row(NOW + 50, UNTIL).map(Result::unwrap), 10));
    assert!(memory.add(&row(NOW + 100, UNTIL).map(Result::unwrap), 10));
    revocations.write(&mut revocations.disk(), NOW, 64).unwrap();
    assert!(restarted(&image).rules_out("ann", NOW + 100));
    // The other one finds that all is written.
    assert!(memory.is_written());
    revocations.write(&mut revocations.disk(), NOW, 64).unwrap();
    assert!(restarted(&image).rules_out("ann", NOW + 100));
}

/// Another call adds to a name whose row is being written, and that fails.
#[test]
fn what_fails_while_another_call_adds_to_it_is_written_as_one_row() {
    let image = Image::default();
    let revocations = image.create(&clock());
    let memory = &revocations.0.memory;
    let add = |second, until| {
        let row = revocations.row(&Revoked::subject(ISS, "ann", second, until));
        assert!(memory.add(&[row.unwrap()], 10));
    };
    revocations.revoke_subject(ISS, "ann", NOW, UNTIL).unwrap();
    add(NOW + 1, UNTIL + 1);
    let taken = memory.take_unwritten();
    add(NOW + 2, UNTIL + 2);
    drop(taken);
    add(NOW + 3, UNTIL + 3);
    let mut again = memory.take_unwritten();
    let [row] = again.rows() else {
        panic!("not one row")
    };
    let ends = |until| Some(until + super::GRACE);
    assert_eq!(row.issued_up_to, Some(NOW + 3));
    assert_eq!(
        (Some(row.until), row.replaces),
        (ends(UNTIL + 3), ends(UNTIL))
    );
    // And if it does not fail, it is that row which is in the file.
    again.written();
    add(NOW + 4, UNTIL + 4);
    let mut last = memory.take_unwritten();
    assert_eq!(last.rows()[0].replaces, ends(UNTIL + 3));
}
