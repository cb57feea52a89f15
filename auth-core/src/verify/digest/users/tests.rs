#![allow(clippy::unwrap_used, clippy::panic)]

use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::fs;

use auth_syntax::DigestAlgorithm::{self, Md5, Sha256, Sha256Sess, Sha512_256, Sha512_256Sess};
use proptest::prelude::*;

use std::sync::Arc;

use super::super::hash::{user_hash, work};
use super::*;
use crate::scheme::DigestUser::{self, Hashed, Plain};
use crate::verify::Account;

const REALM: &str = "http-auth@example.org";
const MD5: &str = "3d78807defe7de2157e2b0b6573a855f";
const SHA_256: &str = "7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232";

/// The hash, identity and roles by which a user is found: `None` for nobody.
fn found<D: DigestUsers<Identity = String>>(
    users: &D,
    user: DigestUser<'_>,
    realm: &str,
    algorithm: DigestAlgorithm,
) -> Option<(String, String)> {
    let wanted = DigestLookup::new(user, realm, algorithm)?;
    let future = pin!(users.find(wanted));
    match future.poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(found) => found.unwrap().map(|entry| {
            let hash = entry.hash().expose_hex().expose().clone();
            (hash, entry.into_verified().identity().clone())
        }),
        Poll::Pending => panic!("it waits"),
    }
}

/// Tells realm and name.
fn who(name: &str, realm: &str) -> String {
    format!("{name} of {realm}")
}

fn list(text: &str) -> Result<DigestUserList<String>, DigestUsersError> {
    DigestUserList::builder::<&str>([])
        .htdigest(text, who)?
        .build()
}

fn hex(algorithm: DigestAlgorithm, user: &str, realm: &str, password: &str) -> String {
    let hash = DigestHash::new(algorithm, user, realm, password).unwrap();
    hash.expose_hex().expose().clone()
}

#[test]
fn d5_a_list_hashes_passwords_for_each_realm_and_algorithm() {
    let users = DigestUserList::builder([
        (REALM, Sha256),
        (REALM, Md5),
        // the same again
        (REALM, Sha256Sess),
        ("other", Sha512_256Sess),
    ])
    .user("Mufasa", "Circle of Life", who("Mufasa", "all"))
    .unwrap()
    .build()
    .unwrap();
    let mufasa = |realm, algorithm| {
        found(&users, Plain("Mufasa"), realm, algorithm).map(|(hash, identity)| {
            assert_eq!(identity, "Mufasa of all");
            hash
        })
    };
    assert_eq!(mufasa(REALM, Sha256).unwrap(), SHA_256);
    assert_eq!(mufasa(REALM, Sha256Sess).unwrap(), SHA_256);
    assert_eq!(mufasa(REALM, Md5).unwrap(), MD5);
    let other = hex(Sha512_256, "Mufasa", "other", "Circle of Life");
    assert_eq!(mufasa("other", Sha512_256).unwrap(), other);
    assert_eq!(mufasa("other", Sha512_256Sess).unwrap(), other);
    // A user without a hash for the algorithm or the realm is nobody.
    for (realm, algorithm) in [
        (REALM, Sha512_256),
        ("other", Sha256),
        ("HTTP-AUTH@example.org", Sha256),
        ("", Sha256),
    ] {
        assert_eq!(mufasa(realm, algorithm), None);
    }
    for name in ["mufasa", "Mufas", "Mufasa ", "", MD5] {
        assert_eq!(found(&users, Plain(name), REALM, Sha256), None);
    }
}

#[test]
fn d19_users_are_found_by_hashed_name() {
    let users = list(&format!(
        "Mufasa:{REALM}:{MD5}\nMufasa:{REALM}:{SHA_256}\nSimba:{REALM}:{MD5}\n"
    ))
    .unwrap();
    for (algorithm, hash) in [(Md5, MD5), (Sha256, SHA_256)] {
        let name = user_hash(algorithm, "Mufasa", REALM).unwrap();
        let by_hash = found(&users, Hashed(&name), REALM, algorithm);
        assert_eq!(by_hash.unwrap(), (hash.to_owned(), who("Mufasa", REALM)));
        // Neither is taken for the other, and the hash is that of the algorithm and the realm.
        assert_eq!(found(&users, Plain(&name), REALM, algorithm), None);
        assert_eq!(found(&users, Hashed(&name), "other", algorithm), None);
        for hashed in ["Mufasa", "", &name[1..], &"0".repeat(name.len())] {
            assert_eq!(found(&users, Hashed(hashed), REALM, algorithm), None);
        }
    }
    let of_md5 = user_hash(Md5, "Mufasa", REALM).unwrap();
    assert_eq!(found(&users, Hashed(&of_md5), REALM, Sha256), None);
}

#[test]
fn d20_names_are_compared_in_normalisation_form_c() {
    let users = DigestUserList::builder([("r", Sha256)])
        .user("cafe\u{301}", "p", who("caf\u{e9}", "r"))
        .unwrap()
        .build()
        .unwrap();
    for name in ["caf\u{e9}", "cafe\u{301}"] {
        assert!(found(&users, Plain(name), "r", Sha256).is_some());
        let hashed = user_hash(Sha256, name, "r").unwrap();
        assert!(found(&users, Hashed(&hashed), "r", Sha256).is_some());
    }
    let twice = DigestUserList::builder([("r", Sha256)])
        .user("caf\u{e9}", "p", String::new())
        .unwrap()
        .user("cafe\u{301}", "q", String::new());
    assert!(matches!(
        twice.unwrap_err(),
        DigestUsersError::DuplicateUser
    ));
    // Nothing can be done for a hash over another form.
    let hash = DigestHash::from_hex(Sha256, SHA_256).unwrap();
    let decomposed =
        DigestUserList::builder::<&str>([]).user_with_hash("cafe\u{301}", "r", hash, String::new());
    assert!(matches!(
        decomposed.unwrap_err(),
        DigestUsersError::NotNormal
    ));
}

#[test]
fn a_name_that_nobody_can_have_is_not_looked_up() {
    let long = "x".repeat(1025);
    for user in [Plain(&long), Hashed(&long)] {
        assert!(DigestLookup::new(user, "r", Sha256).is_none());
    }
    assert!(DigestLookup::new(Plain(&long[1..]), "r", Sha256).is_some());
}

#[test]
fn d6_stores_are_asked_for_the_hash_of_the_base() {
    for algorithm in DigestAlgorithm::ALL {
        let wanted = DigestLookup::new(Plain("ada"), "r", algorithm).unwrap();
        assert_eq!(wanted.algorithm(), algorithm.base());
        assert_eq!(wanted.into_owned().algorithm(), algorithm.base());
    }
}

// DD18: what differs for a user that there is not is not hashing.
#[test]
fn dd18_a_lookup_hashes_nothing() {
    let users = list(&format!("Mufasa:{REALM}:{SHA_256}")).unwrap();
    let hashed = user_hash(Sha256, "Mufasa", REALM).unwrap();
    for user in [Plain("Mufasa"), Plain("nobody"), Hashed(&hashed)] {
        let (_, work) = work::of(|| found(&users, user, REALM, Sha256));
        assert_eq!(work, []);
    }
}

#[test]
fn dd18_a_disabled_user_is_nobody() {
    let users = DigestUserList::<String>::builder([("r", Sha256)])
        .user("ada", "p", Account::disabled())
        .unwrap()
        .build()
        .unwrap();
    assert_eq!(found(&users, Plain("ada"), "r", Sha256), None);
}

#[test]
fn a_store_knows_for_which_realms_it_has_users() {
    let mufasa =
        "Mufasa:a@example.org:7987c64c30e25f1b74be53f966b49b90f2808aa92faf9a00262392d7b4794232\n";
    let users = Arc::new(list(mufasa).unwrap());
    for (realm, algorithm, has) in [
        ("a@example.org", DigestAlgorithm::Sha256, true),
        ("a@example.org", DigestAlgorithm::Sha256Sess, true),
        ("a@example.org", DigestAlgorithm::Md5, false),
        ("A@example.org", DigestAlgorithm::Sha256, false),
    ] {
        assert_eq!(
            users.has_users(realm, algorithm),
            has,
            "{realm} {algorithm}"
        );
    }
    assert_eq!(users.kinds(), [("a@example.org".to_owned(), Sha256)]);
}

#[test]
fn grants_come_along() {
    let account = Account::new(String::new()).with_grants(Grants::none().with_roles(["clerk"]));
    let users = DigestUserList::<String>::builder([("r", Sha256)])
        .user("ada", "p", account)
        .unwrap()
        .build()
        .unwrap();
    let wanted = DigestLookup::new(Plain("ada"), "r", Sha256).unwrap();
    let entry = users.0.find(&wanted).unwrap();
    assert!(entry.grants().has_role("clerk"));
    assert!(entry.into_verified().grants().has_role("clerk"));
}

#[test]
fn a_file_holds_realms_and_algorithms_side_by_side() {
    let sha_512_256 = hex(Sha512_256, "Mufasa", REALM, "Circle of Life");
    let text = format!(
        "\u{feff}# users\r\n\r\n  \t\nMufasa:{REALM}:{MD5}\r\nMufasa:{REALM}:{}\n  # Mufasa:{REALM}:x\n\
         Mufasa:{REALM}:{{sha-512-256}}{sha_512_256}  \nMufasa:other:{{SHA-256}}{SHA_256}\nJ\u{e4}s\u{f8}n Doe:{REALM}:{{MD5}}{MD5}",
        SHA_256.to_uppercase(),
    );
    let users = list(&text).unwrap();
    for (name, realm, algorithm, hash) in [
        ("Mufasa", REALM, Md5, MD5),
        ("Mufasa", REALM, Sha256, SHA_256),
        ("Mufasa", REALM, Sha512_256, &sha_512_256),
        ("Mufasa", "other", Sha256, SHA_256),
        ("J\u{e4}s\u{f8}n Doe", REALM, Md5, MD5),
    ] {
        assert_eq!(
            found(&users, Plain(name), realm, algorithm),
            Some((hash.to_owned(), who(name, realm))),
        );
    }
    assert_eq!(users.0.len(), 5);
    assert_eq!(found(&users, Plain("Mufasa"), "other", Md5), None);
}

#[test]
fn errors_tell_the_line_what_is_wrong_and_what_to_write() {
    let cases = [
        ("ada", "this line has 1; a file of htpasswd"),
        (
            "ada:$2y$04$abcdefghijkl",
            "this line has 2; a file of htpasswd",
        ),
        (&*format!("ada:r:{MD5}:more"), "this line has 4"),
        ("ada:r:secret", "32 hexadecimal digits (MD5), 64 (SHA-256)"),
        ("ada:r:", "32 hexadecimal digits (MD5), 64 (SHA-256)"),
        (&format!("ada:r:g{}", &MD5[1..]), "no MD5 hash: write 32"),
        (
            &format!("ada:r:g{}", &SHA_256[1..]),
            "no SHA-256 hash: write 64",
        ),
        (
            &format!("ada:r:{{SHA-512-256}}{MD5}"),
            "no SHA-512-256 hash: write 64",
        ),
        (&format!("ada:r:{{SHA-256-sess}}{SHA_256}"), "`{SHA-256}`"),
        (&format!("ada:r:{{SHA-1}}{SHA_256}"), "`{SHA-256}`"),
        (&format!("ada:r:{{{SHA_256}"), "`{SHA-256}`"),
        (&format!(":r:{MD5}"), "user name"),
        (&format!("a\0b:r:{MD5}"), "user name"),
        (&format!("{}:r:{MD5}", "x".repeat(1025)), "user name"),
        (&format!("cafe\u{301}:r:{MD5}"), "normalisation form C"),
        (&format!("ada::{MD5}"), "realm"),
        (&format!("bob:r:{MD5}"), "twice"),
    ];
    for (line, expected) in cases {
        let text = format!("# first\r\nbob:r:{MD5}\n\n{line}\n");
        let error = list(&text).unwrap_err();
        let said = error.to_string();
        assert!(said.starts_with("line 4: "), "{said}");
        assert!(said.contains(expected), "{line}: {said}");
        assert_eq!(format!("{error:?}"), said);
        // DD17: nothing of what stands there.
        for secret in [&MD5[1..9], &SHA_256[1..9], "secret", "$2y$", "ada", "bob"] {
            assert!(!said.contains(secret), "{said}");
        }
    }
    assert!(matches!(
        list("# none\n").unwrap_err(),
        DigestUsersError::NoUsers
    ));
    let no_realm = DigestUserList::builder::<&str>([]).user("ada", "p", String::new());
    assert!(matches!(
        no_realm.unwrap_err(),
        DigestUsersError::InvalidRealm
    ));
}

#[test]
fn a_file_is_read_again_when_told() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("users");
    let write = |octets: &[u8]| fs::write(&path, octets).unwrap();
    let open = || Htdigest::open(&path, who);
    let error = open().unwrap_err();
    assert!(matches!(&error, DigestUsersError::File { problem, .. }
        if matches!(**problem, DigestUsersError::Unreadable(_))));
    assert!(error.to_string().contains("users: "), "{error}");
    write(b"# nobody\n");
    assert!(
        open()
            .unwrap_err()
            .to_string()
            .ends_with("no users: add at least one")
    );

    write(format!("ada:r:{MD5}\nbob:r:{MD5}\n").as_bytes());
    let users = open().unwrap();
    let there = |name| found(&users, Plain(name), "r", Md5).is_some();
    assert!(there("ada") && there("bob") && !there("eve"));

    // Whole or not at all.
    write(format!("eve:r:{MD5}\nada:r\n").as_bytes());
    let error = users.reload().unwrap_err().to_string();
    assert!(error.contains("users: line 2: "), "{error}");
    assert!(there("ada") && there("bob") && !there("eve"));
    write(&[b"# x\nada:r:".as_slice(), MD5.as_bytes(), b"\n\xe9ve:r:\n"].concat());
    let error = users.reload().unwrap_err().to_string();
    assert!(
        error.contains("users: line 3: this is not UTF-8"),
        "{error}"
    );
    assert!(there("bob"));

    write(format!("eve:r:{MD5}\nada:r:{MD5}").as_bytes());
    assert_eq!(users.reload().unwrap(), 2);
    assert!(there("ada") && !there("bob") && there("eve"));
    // Nobody is locked out by a file that is about to be written, unless somebody says so.
    for empty in [b"".as_slice(), b"# users\n"] {
        write(empty);
        let error = users.reload().unwrap_err().to_string();
        assert!(
            error.ends_with("users: no users: add at least one"),
            "{error}"
        );
        assert!(there("ada") && there("eve"));
    }
    assert_eq!(users.reload_even_if_empty().unwrap(), 0);
    assert!(!there("ada") && !there("eve"));
    assert!(
        format!("{users:?}").ends_with("hashes: 0, .. }"),
        "{users:?}"
    );
}

#[test]
fn a_file_has_a_largest_size() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("users");
    // Sparse: nothing is written.
    fs::File::create(&path)
        .unwrap()
        .set_len((64 << 20) + 1)
        .unwrap();
    let error = Htdigest::open(&path, who).unwrap_err().to_string();
    assert!(
        error.contains("users: the file is larger than 64 MiB"),
        "{error}"
    );
}

#[test]
fn closures_are_stores() {
    let entry = |wanted: &DigestLookup<'_>| {
        let hash = DigestHash::new(wanted.algorithm(), "ada", wanted.realm(), "p").ok()?;
        let entry = DigestUserEntry::new(hash, String::from("ada"));
        (wanted.user() == Plain("ada")).then_some(entry)
    };
    let now = DigestUsersFn::new(move |wanted: &DigestLookup<'_>| Ok(entry(wanted)));
    let later =
        AsyncDigestUsersFn::new(
            move |wanted: DigestLookup<'static>| async move { Ok(entry(&wanted)) },
        );
    let expected = Some((hex(Sha256, "ada", "r", "p"), String::from("ada")));
    assert_eq!(found(&now.clone(), Plain("ada"), "r", Sha256Sess), expected);
    assert_eq!(
        found(&Arc::new(later.clone()), Plain("ada"), "r", Sha256),
        expected
    );
    assert_eq!(found(&now, Hashed("ada"), "r", Sha256), None);
    assert_eq!(found(&later, Plain("eve"), "r", Sha256), None);

    let down = DigestUsersFn::<()>::new(|_: &DigestLookup<'_>| Err(Cause::InvalidCredentials));
    let wanted = DigestLookup::new(Plain("ada"), "r", Sha256).unwrap();
    let answer = pin!(down.find(wanted)).poll(&mut Context::from_waker(Waker::noop()));
    assert!(matches!(
        answer,
        Poll::Ready(Err(Cause::InvalidCredentials))
    ));
}

// DD17
#[test]
fn debug_tells_no_name_and_no_hash() {
    let wanted = DigestLookup::new(Plain("ada"), "r", Sha256).unwrap();
    assert_eq!(
        format!("{wanted:?}"),
        "DigestLookup { user: Plain([redacted]), realm: \"r\", algorithm: Sha256 }"
    );
    let users = list(&format!("ada:r:{MD5}")).unwrap();
    let hash = DigestHash::from_hex(Md5, MD5).unwrap();
    for printed in [
        format!("{users:?}"),
        format!("{:?}", DigestUserEntry::new(hash, "ada")),
        format!("{:?}", wanted.into_owned()),
    ] {
        assert!(
            !printed.contains("ada") && !printed.contains(MD5),
            "{printed}"
        );
    }
    assert_eq!(format!("{users:?}"), "DigestUserList { hashes: 1, .. }");
}

proptest! {
    // What is written is read as the same user.
    #[test]
    fn lines_are_read_as_they_were_written(
        algorithm in prop::sample::select(DigestAlgorithm::ALL.to_vec()),
        user in "[ #]?[^:\\pC]{1,30}",
        realm in "[ -~]{1,30}",
        password in "\\PC{1,30}",
    ) {
        let line = match htdigest_line(algorithm, &user, &realm, &password) {
            Err(DigestUsersError::NotInAFile) => return Ok(()),
            line => line.unwrap(),
        };
        let users = list(&format!("# first\n{line}\n")).unwrap();
        let hash = hex(algorithm, &user, &realm, &password);
        let (of, _) = found(&users, Plain(&user), &realm, algorithm).unwrap();
        prop_assert_eq!(of, hash);
    }

    #[test]
    fn no_text_panics(text in "(\\PC|[:{}\n\r\\x00]|[0-9a-f]{32}){0,40}") {
        let _ = list(&text);
    }
}

#[test]
fn what_a_line_cannot_hold_is_not_written() {
    for (user, realm) in [
        ("#ada", "r"),
        (" ada", "r"),
        ("\u{feff}ada", "r"),
        ("ada", "a:b"),
    ] {
        let error = htdigest_line(Sha256, user, realm, "p").unwrap_err();
        assert!(matches!(error, DigestUsersError::NotInAFile), "{user}");
    }
    let line = htdigest_line(Sha512_256Sess, "cafe\u{301}", "r", "p").unwrap();
    assert!(line.starts_with("caf\u{e9}:r:{SHA-512-256}"), "{line}");
    assert_eq!(
        htdigest_line(Md5, "Mufasa", REALM, "Circle of Life").unwrap(),
        format!("Mufasa:{REALM}:{MD5}")
    );
}
