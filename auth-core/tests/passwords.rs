//! `Passwords` as an application uses it: B-1 to B-10, H-21, V18, V19, V22.
#![cfg(feature = "passwords")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;
use std::thread;

use auth_core::{
    Account, AuthState, Authenticated, Cause, Clock, Grants, HashPasswordError, Passwords,
    PasswordsBuilder, PasswordsError, Policy, Refusal, RefusedHash, RequestView, Settings,
    auth_policy, hash_password,
};
use base64::Engine as _;
use bytes::Bytes;
use http::Response;
use http::header::AUTHORIZATION;

// Made with argon2-cffi 25.1 (`PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)`).
const CORRECT_HORSE: &str = "$argon2id$v=19$m=64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do";
const OPEN_SESAME: &str = "$argon2id$v=19$m=64,t=1,p=1$DwOZ+zRnqkuORYKS6xZBsg$kP5NMHQgaM+3dD98hlFftf91+w134HzbKi11S5HLcCk";
const POUND_123: &str = "$argon2id$v=19$m=64,t=1,p=1$u9DTsmAuxxjrmGykhozosQ$FBSVKUysYj5uiSeumW3RReGlU8+eMqR2vQ4Ay3hBPcQ";
const EMPTY: &str = "$argon2id$v=19$m=64,t=1,p=1$ab6Cw7n+GNIFv+cr5jnLkQ$yy/v3yl2NiJ6E+d13H5mRNB5Rkg9N36WdgxsaibY+K8";
/// Of `caf` and U+00E9, composed.
const CAFE: &str = "$argon2id$v=19$m=64,t=1,p=1$Q1P5Z9scbdSCAmf5RI6U2g$6se9SMj6V6QVrldjQfVcZdMajQ5+1ITpGvEcH4wbUOo";
const X_1024: &str = "$argon2id$v=19$m=64,t=1,p=1$nxgFnmZNBZdcEUcbxzrfIg$wqCOkCFSs1+4JniuIqKsCluV7oSyH7CvZtU3sxXVhcc";
const X_1025: &str = "$argon2id$v=19$m=64,t=1,p=1$6x1lPfR3q/lz5ID6wBp43g$u9PCUSht7FpZAzbA/8XiZtu9cFvgtMoR1djRMUon5v4";
// Made with Python's bcrypt 5.0: 71 and 72 times `a`.
const A_71: &str = "$2b$04$UjXkruKF1V6FGC0hrotMMuio9qCZpBepegxf9mGIECqCIgCRYpM0.";
const A_72: &str = "$2b$04$xXoLeADBjQvYA04lheJoh.tnA7US0pW3bilxrqHjHqAVoBBOhUj2C";
// Made with crypt(3) of libxcrypt, in the form of `htpasswd -B`.
const BCRYPT_2Y: &str = "$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e";

#[derive(Clone, Debug, PartialEq)]
struct User(String);

#[derive(AuthState)]
struct App {
    #[auth(Basic)]
    users: Passwords<User>,
    #[auth(settings)]
    settings: Settings,
}

#[auth_policy(scheme = "Basic", realm = "Secured area")]
struct Area;

#[auth_policy(scheme = "Basic", realm = "Secured area", scope = "admin")]
struct Admin;

fn user(name: &str) -> User {
    User(name.to_owned())
}

fn builder() -> PasswordsBuilder<User> {
    Passwords::builder()
}

fn store(users: &[(&str, &str)]) -> App {
    let mut builder = builder();
    for (name, hash) in users {
        builder = builder.user(name, hash, user(name)).unwrap();
    }
    app(builder)
}

fn app(builder: PasswordsBuilder<User>) -> App {
    App {
        users: builder.build().unwrap(),
        settings: Settings::new(),
    }
}

fn request(pair: &str) -> http::Request<()> {
    let coded = base64::engine::general_purpose::STANDARD.encode(pair);
    raw(&format!("Basic {coded}"))
}

fn raw(value: &str) -> http::Request<()> {
    http::Request::builder()
        .header(AUTHORIZATION, value)
        .body(())
        .unwrap()
}

fn block_on<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(future)
}

fn check<P>(app: &App, request: &http::Request<()>) -> Result<Authenticated<User>, Refusal>
where
    P: Policy<Accepts = <Area as Policy>::Accepts>,
{
    let request = RequestView::of(request);
    block_on(auth_core::http::check::<P, _, _>(app, request))
}

/// Who is admitted with `user-id:password`.
fn admitted(app: &App, pair: &str) -> Option<User> {
    match check::<Area>(app, &request(pair)) {
        Ok(user) => Some((*user).clone()),
        Err(refusal) => {
            assert_eq!(refusal.cause(), &Cause::InvalidCredentials, "{pair}");
            None
        }
    }
}

fn answer(app: &App, pair: &str) -> Response<Bytes> {
    check::<Area>(app, &request(pair))
        .map(drop)
        .expect_err("admitted")
        .into_response()
}

#[test]
fn rfc_7617_examples_b10() {
    let app = store(&[("Aladdin", OPEN_SESAME), ("test", POUND_123)]);
    for (value, name) in [
        ("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==", "Aladdin"),
        ("Basic dGVzdDoxMjPCow==", "test"),
    ] {
        let decision = check::<Area>(&app, &raw(value));
        assert_eq!(decision.ok().map(|user| (*user).clone()), Some(user(name)));
    }
}

#[test]
fn names_and_passwords_are_compared_in_form_c_b7() {
    // The name is stored decomposed, and presented in both forms.
    let app = store(&[("Rene\u{301}", CAFE)]);
    for pair in [
        "Ren\u{e9}:caf\u{e9}",
        "Rene\u{301}:cafe\u{301}",
        "Ren\u{e9}:cafe\u{301}",
    ] {
        assert!(admitted(&app, pair).is_some(), "{pair}");
    }
    for pair in ["Rene:caf\u{e9}", "Ren\u{e9}:cafe", "ren\u{e9}:caf\u{e9}"] {
        assert!(admitted(&app, pair).is_none(), "{pair}");
    }
}

// B-6, V19: empty halves are well formed; what is not stored is not admitted.
#[test]
fn empty_halves_are_the_stores_matter_b6_v19() {
    let usual = store(&[("ada", CORRECT_HORSE)]);
    for pair in [":", "ada:", ":correct horse"] {
        assert!(admitted(&usual, pair).is_none(), "{pair}");
    }
    let odd = store(&[("", CORRECT_HORSE), ("guest", EMPTY)]);
    assert_eq!(admitted(&odd, ":correct horse"), Some(user("")));
    assert_eq!(admitted(&odd, "guest:"), Some(user("guest")));
    for pair in [":", "guest:correct horse"] {
        assert!(admitted(&odd, pair).is_none(), "{pair}");
    }
}

#[test]
fn colons_belong_to_the_password_b4() {
    let hash = hash_password("a:b").unwrap();
    let app = store(&[("ada", &hash)]);
    assert!(admitted(&app, "ada:a:b").is_some());
    assert!(admitted(&app, "ada:a").is_none());
}

#[test]
fn bcrypt_ends_at_72_octets_v22() {
    let app = store(&[("at71", A_71), ("at72", A_72)]);
    let a = |count: usize| "a".repeat(count);
    assert!(admitted(&app, &format!("at71:{}", a(71))).is_some());
    assert!(admitted(&app, &format!("at72:{}", a(72))).is_some());
    for (name, count) in [
        ("at71", 70),
        ("at71", 72),
        ("at72", 71),
        ("at72", 73),
        ("at72", 144),
    ] {
        assert!(
            admitted(&app, &format!("{name}:{}", a(count))).is_none(),
            "{name} {count}"
        );
    }
    // The same beginning, another end.
    assert!(admitted(&app, &format!("at72:{}b", a(72))).is_none());
}

#[test]
fn passwords_end_at_1024_octets_v22() {
    let app = store(&[("at1024", X_1024), ("at1025", X_1025)]);
    let x = |count: usize| "x".repeat(count);
    assert!(admitted(&app, &format!("at1024:{}", x(1024))).is_some());
    assert!(admitted(&app, &format!("at1024:{}", x(1025))).is_none());
    // Even where another tool made a hash of it.
    assert!(admitted(&app, &format!("at1025:{}", x(1025))).is_none());
    assert!(admitted(&app, &format!("at1025:{}", x(1024))).is_none());
}

#[test]
fn all_refusals_are_alike_h21_v18() {
    let app = app(builder()
        .user("ada", CORRECT_HORSE, user("ada"))
        .unwrap()
        .user("bob", BCRYPT_2Y, user("bob"))
        .unwrap()
        .disabled_user("gone", CORRECT_HORSE)
        .unwrap());
    let first = answer(&app, "ada:wrong");
    assert_eq!(first.status(), 401);
    assert_eq!(
        first.headers()["www-authenticate"],
        "Basic realm=\"Secured area\", charset=\"UTF-8\""
    );
    let long = "x".repeat(2000);
    for pair in [
        "bob:wrong".to_owned(),
        "gone:correct horse".to_owned(),
        "gone:wrong".to_owned(),
        "nobody:correct horse".to_owned(),
        ":".to_owned(),
        format!("ada:{long}"),
        format!("{long}:correct horse"),
    ] {
        let other = answer(&app, &pair);
        assert_eq!(other.status(), first.status());
        assert_eq!(other.headers(), first.headers());
        assert_eq!(other.body(), first.body());
    }
}

#[test]
fn grants_come_with_the_account() {
    let app = app(builder()
        .user(
            "ada",
            CORRECT_HORSE,
            Account::new(user("ada")).with_grants(Grants::none().with_scopes(["admin"])),
        )
        .unwrap()
        .user("bob", CORRECT_HORSE, user("bob"))
        .unwrap());
    let administers = |pair| {
        check::<Admin>(&app, &request(pair))
            .map(|user| (*user).clone())
            .map_err(|refusal| refusal.cause().clone())
    };
    assert_eq!(administers("ada:correct horse"), Ok(user("ada")));
    assert_eq!(
        administers("bob:correct horse"),
        Err(Cause::InsufficientScope)
    );
}

#[test]
fn roles_come_with_the_account() {
    let grants = Grants::none().with_roles(["clerk"]).with_scopes(["read"]);
    let app = app(builder()
        .user(
            "ada",
            CORRECT_HORSE,
            Account::new(user("ada")).with_grants(grants),
        )
        .unwrap()
        .user("bob", CORRECT_HORSE, user("bob"))
        .unwrap());
    let grants = |pair| {
        let user = check::<Area>(&app, &request(pair)).unwrap();
        user.grants().clone()
    };
    let ada = grants("ada:correct horse");
    assert!(ada.has_role("clerk") && !ada.has_role("read"));
    assert!(ada.has_scope("read") && !ada.has_scope("clerk"));
    assert_eq!(grants("bob:correct horse").roles().count(), 0);
}

#[test]
fn an_account_ends_with_its_grants() {
    let (clock, hand) = Clock::manual(999);
    let account = Account::new(user("ada")).with_grants(Grants::none().expiring_at(1000));
    let mut app = app(builder().user("ada", CORRECT_HORSE, account).unwrap());
    app.settings = Settings::new().with_clock(clock);
    assert!(admitted(&app, "ada:correct horse").is_some());
    hand.set(1000);
    assert!(admitted(&app, "ada:correct horse").is_none());
}

#[test]
fn the_identity_is_shared_and_not_copied() {
    let ada = Arc::new(user("ada"));
    let app = app(builder()
        .user("ada", CORRECT_HORSE, Account::shared(Arc::clone(&ada)))
        .unwrap());
    let admitted = check::<Area>(&app, &request("ada:correct horse")).unwrap();
    assert!(core::ptr::eq(&raw const *admitted, Arc::as_ptr(&ada)));
}

#[test]
fn new_hashes_are_argon2id_and_admit() {
    let hash = hash_password("cafe\u{301}").unwrap();
    assert!(
        hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"),
        "{hash}"
    );
    assert_ne!(hash, hash_password("cafe\u{301}").unwrap());
    let app = store(&[("ada", &hash)]);
    assert!(admitted(&app, "ada:caf\u{e9}").is_some());
    assert!(admitted(&app, "ada:cafe").is_none());
}

#[test]
fn what_could_not_be_presented_is_not_hashed() {
    assert_eq!(hash_password(""), Err(HashPasswordError::Empty));
    assert_eq!(
        hash_password("a\nb"),
        Err(HashPasswordError::ControlCharacter)
    );
    assert_eq!(
        hash_password(&"x".repeat(1025)),
        Err(HashPasswordError::TooLong)
    );
}

#[test]
fn an_htpasswd_file_admits() {
    let text = format!(
        "# staff\n\nada:{BCRYPT_2Y}\nbob:{CORRECT_HORSE}:Bob of sales\r\n  eve:{OPEN_SESAME}  \n"
    );
    let path = std::env::temp_dir().join(format!("auth-core-htpasswd-{}", std::process::id()));
    std::fs::write(&path, &text).unwrap();
    let from_file = builder().htpasswd_file(&path, user);
    std::fs::remove_file(&path).unwrap();
    for builder in [builder().htpasswd(&text, user), from_file] {
        let app = app(builder.unwrap());
        assert_eq!(admitted(&app, "ada:correct horse"), Some(user("ada")));
        assert_eq!(admitted(&app, "bob:correct horse"), Some(user("bob")));
        assert_eq!(admitted(&app, "eve:open sesame"), Some(user("eve")));
        assert!(admitted(&app, "# staff:").is_none());
    }
    assert!(matches!(
        builder().htpasswd_file("/nonexistent/users", user),
        Err(PasswordsError::File { problem, .. }) if matches!(*problem, PasswordsError::Unreadable(_))
    ));
}

#[test]
fn a_file_can_disable_its_users() {
    let text = format!("ada:{BCRYPT_2Y}\nbob:{BCRYPT_2Y}\n");
    let account = |name: &str| match name {
        "ada" => Account::new(user(name)),
        _ => Account::disabled(),
    };
    let app = app(builder().htpasswd(&text, account).unwrap());
    assert!(admitted(&app, "ada:correct horse").is_some());
    assert!(admitted(&app, "bob:correct horse").is_none());
}

#[test]
fn what_a_file_may_not_hold_is_named_with_its_line() {
    let expect = |entry: &str, told: &str| {
        let text = format!("# first\nada:{BCRYPT_2Y}\n{entry}\n");
        let error = builder().htpasswd(&text, user).unwrap_err();
        let (display, debug) = (error.to_string(), format!("{error:?}"));
        assert!(
            display.starts_with("line 3: ") && display.contains(told),
            "{entry}: {display}"
        );
        // V28: nothing of the entry is repeated.
        if let Some((name, hash)) = entry.split_once(':') {
            for text in [&display, &debug] {
                assert!(name.is_empty() || !text.contains(name), "{text}");
                assert!(hash.len() < 6 || !text.contains(hash), "{text}");
            }
        }
    };
    for (entry, told) in [
        ("bob-x:$apr1$abcdefgh$sIQmFnT1CuEXAsyjuXjUX/", "apr1"),
        ("bob-x:{SHA}L55TUjtiq8FBorTWAZ0jy6g129A=", "{SHA}"),
        ("bob-x:abhfCpXqd4GrI", "crypt"),
        (
            "bob-x:$6$rounds=1000$abcdefgh$DbXqPck5ABZumVXwcH5eMV",
            "crypt",
        ),
        ("bob-x:hunter2", "in the clear"),
        ("bob-x:", "empty"),
        ("bob-x", "no colon"),
        (
            "bob-x:$2y$31$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            "bcrypt cost is above 16",
        ),
        (
            "bob-x:$argon2id$v=19$m=67108864,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do",
            "above 262144",
        ),
        (
            "ada:$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            "twice",
        ),
        (
            "bob\u{7}x:$2y$04$abcdefghijklmnopqrstuujydOTSfIH/d5oUHpsygqV5X9xJLQc6e",
            "control",
        ),
    ] {
        expect(entry, told);
    }
    let error = builder().htpasswd("ada:hunter2", user).unwrap_err();
    let PasswordsError::Line { line: 1, problem } = error else {
        panic!("{error:?}")
    };
    assert!(matches!(
        *problem,
        PasswordsError::RefusedHash(RefusedHash::Plain)
    ));
}

#[test]
fn names_that_cannot_be_or_are_twice_are_refused() {
    let add = |name: &str| builder().user(name, CORRECT_HORSE, user("x")).map(drop);
    for name in ["a:b", "a\nb", "a\u{0}", &"x".repeat(1025)] {
        assert!(
            matches!(add(name), Err(PasswordsError::InvalidUserName)),
            "{name}"
        );
    }
    for name in ["", "a b", "\u{e9}", &"x".repeat(1024)] {
        assert!(add(name).is_ok(), "{name}");
    }
    let twice = builder()
        .user("Ren\u{e9}", CORRECT_HORSE, user("a"))
        .unwrap()
        .disabled_user("Rene\u{301}", CORRECT_HORSE);
    assert!(matches!(twice, Err(PasswordsError::DuplicateUser)));
}

#[test]
fn an_empty_store_is_refused() {
    assert!(matches!(builder().build(), Err(PasswordsError::NoUsers)));
    assert!(matches!(
        builder().htpasswd("# nobody\n", user).unwrap().build(),
        Err(PasswordsError::NoUsers)
    ));
}

#[test]
fn each_attempt_costs_at_most_8_kinds() {
    let with = |builder: PasswordsBuilder<User>, passes: u32| {
        let hash = CORRECT_HORSE.replace("t=1", &format!("t={passes}"));
        builder.user(&passes.to_string(), &hash, user("x"))
    };
    let eight = (1..=8).fold(builder(), |builder, passes| with(builder, passes).unwrap());
    // Another user of a kind that is there is no new kind.
    let eight = eight.user("one more", CORRECT_HORSE, user("x")).unwrap();
    assert!(matches!(with(eight, 9), Err(PasswordsError::TooManyWorks)));
}

#[test]
fn debug_tells_no_name_and_no_hash_v28() {
    let builder = builder().user("ada", CORRECT_HORSE, user("ada")).unwrap();
    let before = format!("{builder:?}");
    let after = format!("{:?}", builder.build().unwrap());
    assert!(after.contains("argon2id m=64,t=1,p=1"), "{after}");
    for text in [before, after, format!("{:?}", Account::new(user("ada")))] {
        assert!(
            !text.contains("ada") && !text.contains("a6iTHShE") && !text.contains("LlSoKgsf"),
            "{text}"
        );
    }
}

#[test]
fn many_ask_at_once() {
    let app = app(builder()
        .user("ada", CORRECT_HORSE, user("ada"))
        .unwrap()
        .user("bob", BCRYPT_2Y, user("bob"))
        .unwrap()
        .workers(2)
        .queue(1000));
    thread::scope(|scope| {
        for number in 0..8 {
            let app = &app;
            scope.spawn(move || {
                for round in 0..20 {
                    match (number + round) % 4 {
                        0 => assert_eq!(admitted(app, "ada:correct horse"), Some(user("ada"))),
                        1 => assert_eq!(admitted(app, "bob:correct horse"), Some(user("bob"))),
                        2 => assert_eq!(admitted(app, "ada:wrong"), None),
                        _ => assert_eq!(admitted(app, "nobody:correct horse"), None),
                    }
                }
            });
        }
    });
}
