//! What is no store, or not whole, is an error and never an empty store.

use std::fs;
use std::path::Path;

use super::image::Image;
use super::{ISS, NOW, Place, Revocations};
use crate::clock::Clock;
use crate::store::{RevocationsError, Revoked};

fn error(path: &Path) -> RevocationsError {
    Revocations::open(path).expect_err("it opened")
}

#[test]
fn what_is_no_store_is_named() {
    let place = Place::new();
    let path = &place.path;
    let text = |error: RevocationsError| error.to_string();

    let missing = error(path);
    assert!(matches!(&missing, RevocationsError::Missing(at) if at == path));
    assert!(text(missing).contains("`Revocations::create`"));
    assert!(!path.exists(), "asking made it");

    fs::write(path, "").unwrap();
    assert!(text(error(path)).contains("it is empty"));

    let prose = "Here lies one whose name was writ in water.\n".repeat(500);
    fs::write(path, &prose).unwrap();
    assert!(matches!(error(path), RevocationsError::NotAStore(at) if at == *path));
    assert_eq!(fs::read_to_string(path).unwrap(), prose, "it was changed");

    fs::remove_file(path).unwrap();
    drop(redb::Database::create(path).unwrap());
    assert!(matches!(error(path), RevocationsError::NotAStore(at) if at == *path));

    let exists = Revocations::create(path).expect_err("it was made");
    assert!(matches!(&exists, RevocationsError::Exists(at) if at == path));
    assert!(text(exists).contains("`Revocations::open`"));

    assert!(matches!(
        error(Path::new("/nowhere/at/all")),
        RevocationsError::Missing(_)
    ));
    let directory = path.parent().unwrap();
    assert!(matches!(error(directory), RevocationsError::NotOpened(..)));
}

#[test]
fn a_second_opening_is_refused_while_the_first_one_lives() {
    let place = Place::new();
    let first = place.create();
    let second = first.clone();
    drop(first);
    assert!(matches!(error(&place.path), RevocationsError::InUse(at) if at == place.path));
    drop(second);
    place.open();
}

#[cfg(unix)]
#[test]
fn others_cannot_read_the_file() {
    use std::os::unix::fs::PermissionsExt;
    let place = Place::new();
    place.create();
    let mode = fs::metadata(&place.path).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

/// A store with a few pages of entries, as it is after it was closed, or after the process was killed.
fn stores() -> [Vec<u8>; 2] {
    [true, false].map(|closed| {
        let image = Image::default();
        let revocations = image.create(&clock());
        let tokens = (0..500).map(|n| Revoked::token(ISS, n.to_string(), NOW));
        revocations.load(tokens).unwrap();
        revocations.revoke_token(ISS, "500", NOW).unwrap();
        if closed {
            drop(revocations);
        }
        image.octets()
    })
}

fn clock() -> Clock {
    Clock::manual(NOW).0
}

/// Opens a changed file: it holds everything, or it does not open.
fn opens(octets: &[u8]) -> bool {
    match Image::of(octets.to_vec()).open(&clock()) {
        Ok(revocations) => {
            assert!((0..=500).all(|n| revocations.knows(&n.to_string())));
            true
        }
        Err(RevocationsError::Damaged { .. } | RevocationsError::NotAStore(_)) => false,
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_file_that_was_cut_does_not_open() {
    for octets in stores() {
        for kept in (1..16).map(|part| octets.len() * part / 16) {
            assert!(!opens(&octets[..kept]), "{kept}");
        }
    }
}

#[test]
fn a_file_with_a_changed_octet_holds_everything_or_does_not_open() {
    for octets in stores() {
        assert!(opens(&octets));
        let used = octets.iter().rposition(|octet| *octet != 0).unwrap();
        let mut refused = 0;
        for at in (0..400).chain((400..=used).step_by(4099)) {
            // The one octet without a checksum: which of two headers is the last.
            if at == 9 {
                continue;
            }
            let mut changed = octets.clone();
            changed[at] ^= 0x41;
            refused += usize::from(!opens(&changed));
        }
        assert!(refused > 50, "{refused}");
    }
}
