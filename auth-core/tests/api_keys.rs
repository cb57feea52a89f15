//! `ApiKeys` as an application uses it, V18, V19.
#![cfg(feature = "api-keys")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Barrier};
use std::thread;

use auth_core::{
    ApiKeyGenerator, ApiKeyHash, ApiKeys, AuthState, Authenticated, Cause, Clock, Grants, Policy,
    Refusal, RequestView, Settings, UnusableKey, auth_policy,
};

#[derive(Clone, Debug, PartialEq)]
struct Partner(&'static str);

#[derive(AuthState)]
struct App {
    #[auth(ApiKey)]
    keys: Arc<ApiKeys<Partner>>,
    #[auth(settings)]
    settings: Settings,
}

#[auth_policy(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
struct Api;

#[auth_policy(
    scheme = "ApiKey",
    header = "X-API-Key",
    realm = "API",
    scope = "write"
)]
struct Writing;

const KEY: &str = "0123456789abcdef012345";

fn app(keys: ApiKeys<Partner>) -> App {
    App {
        keys: Arc::new(keys),
        settings: Settings::new(),
    }
}

/// The verifier answers at once: no runtime is needed.
fn now<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("a verifier that waits"),
    }
}

fn request(keys: &[&str]) -> http::Request<()> {
    keys.iter()
        .fold(http::Request::builder(), |request, key| {
            request.header("x-api-key", *key)
        })
        .body(())
        .unwrap()
}

fn decide<P>(app: &App, keys: &[&str]) -> Result<Authenticated<Partner>, Refusal>
where
    P: Policy<Accepts = <Api as Policy>::Accepts>,
{
    let request = request(keys);
    let request = RequestView::of(&request);
    now(auth_core::http::check::<P, _, _>(app, request))
}

fn check(app: &App, keys: &[&str]) -> Result<Partner, Refusal> {
    decide::<Api>(app, keys).map(|partner| (*partner).clone())
}

fn admitted(app: &App, key: &str) -> Option<Partner> {
    match check(app, &[key]) {
        Ok(partner) => Some(partner),
        Err(refusal) => {
            assert_eq!(refusal.cause(), &Cause::InvalidCredentials);
            None
        }
    }
}

#[test]
fn a_generated_key_admits_until_it_is_revoked_a4() {
    let app = app(ApiKeys::new());
    let generator = ApiKeyGenerator::new("acme").unwrap();
    let (one, one_hash) = generator.generate().unwrap();
    let (two, two_hash) = generator.generate().unwrap();
    assert!(admitted(&app, one.expose()).is_none());

    assert!(app.keys.insert(&one_hash, Partner("one")).is_none());
    // As it is read back from where the hashes are kept.
    let stored = ApiKeyHash::from_hex(&two_hash.to_string()).unwrap();
    app.keys.insert(&stored, Partner("two"));
    assert_eq!(app.keys.len(), 2);
    assert_eq!(admitted(&app, one.expose()), Some(Partner("one")));
    assert_eq!(admitted(&app, two.expose()), Some(Partner("two")));

    assert!(app.keys.revoke(&one_hash));
    assert!(!app.keys.revoke(&one_hash));
    assert!(admitted(&app, one.expose()).is_none());
    assert_eq!(admitted(&app, two.expose()), Some(Partner("two")));
}

// The stored hash is no key.
#[test]
fn a_hash_does_not_admit_a4() {
    let app = app(ApiKeys::new());
    let hash = app.keys.insert_key(KEY, Partner("one")).unwrap();
    assert!(admitted(&app, &hash.to_string()).is_none());
    for key in [
        &KEY[1..],
        &format!("{KEY}0"),
        &KEY.to_uppercase(),
        &KEY.replacen('5', "6", 1),
    ] {
        assert!(admitted(&app, key).is_none(), "{key}");
    }
}

// A-4, V19: none, an empty one, two, a joined pair, and what is no key.
#[test]
fn exactly_one_key_a4_v19() {
    let app = app(ApiKeys::new());
    app.keys.insert_key(KEY, Partner("one")).unwrap();
    // An empty key is stored on purpose: nobody gets at it.
    app.keys.insert(&ApiKeyHash::of(""), Partner("nobody"));
    let status = |keys: &[&str]| check(&app, keys).map_err(|refusal| refusal.status().as_u16());
    assert_eq!(status(&[KEY]), Ok(Partner("one")));
    assert_eq!(status(&[]), Err(401));
    assert_eq!(status(&[""]), Err(401));
    assert_eq!(status(&["a b"]), Err(401));
    assert_eq!(status(&[KEY, KEY]), Err(400));
    assert_eq!(status(&[&format!("{KEY}, {KEY}")]), Err(400));
}

#[test]
fn unknown_and_revoked_are_answered_alike_h21_a2() {
    let app = app(ApiKeys::new());
    let hash = app.keys.insert_key(KEY, Partner("one")).unwrap();
    app.keys.revoke(&hash);
    let answer = |key: &str| {
        check(&app, &[key])
            .unwrap_err()
            .into_response::<bytes::Bytes>()
    };
    let (revoked, unknown) = (answer(KEY), answer("x"));
    assert_eq!(revoked.status(), 401);
    assert_eq!(
        revoked.headers()["www-authenticate"],
        "ApiKey realm=\"API\", in=\"header\", name=\"X-API-Key\""
    );
    assert_eq!(
        revoked.body(),
        "{\"error\": \"invalid_credentials\", \"message\": \"API key not found or revoked\"}"
    );
    assert_eq!(revoked.headers(), unknown.headers());
    assert_eq!(revoked.body(), unknown.body());
}

#[test]
fn keys_of_ones_own_must_be_long_and_presentable() {
    let keys = ApiKeys::<Partner>::new();
    for (key, problem) in [
        ("", UnusableKey::TooShort),
        (&KEY[1..], UnusableKey::TooShort),
        ("0123456789abcdef 012345", UnusableKey::Unpresentable),
        ("0123456789abcdef,012345", UnusableKey::Unpresentable),
        ("0123456789abcdef\u{e9}012345", UnusableKey::Unpresentable),
        ("0123456789abcdef\n012345", UnusableKey::Unpresentable),
    ] {
        assert_eq!(
            keys.insert_key(key, Partner("x")).unwrap_err(),
            problem,
            "{key}"
        );
    }
    assert!(keys.is_empty());
    assert!(keys.insert_key(KEY, Partner("x")).is_ok());
}

#[test]
fn grants_come_with_the_key() {
    let app = app(ApiKeys::new());
    let hash = app.keys.insert_key(KEY, Partner("one")).unwrap();
    let writing = || {
        decide::<Writing>(&app, &[KEY])
            .map(|partner| (*partner).clone())
            .map_err(|refusal| refusal.cause().clone())
    };
    assert_eq!(writing(), Err(Cause::InsufficientScope));
    let former = app.keys.insert_with_grants(
        &hash,
        Partner("other"),
        Grants::none().with_scopes(["write"]),
    );
    assert_eq!(former.as_deref(), Some(&Partner("one")));
    assert_eq!(writing(), Ok(Partner("other")));
}

#[test]
fn roles_come_with_the_key() {
    let app = app(ApiKeys::new());
    let importing = Grants::none().with_roles(["importer"]);
    let hash = ApiKeyHash::of(KEY);
    app.keys
        .insert_with_grants(&hash, Partner("one"), importing);
    let partner = decide::<Api>(&app, &[KEY]).unwrap();
    assert!(partner.grants().has_role("importer"));
    assert!(!partner.grants().has_scope("importer"));
    // Whoever comes after has none of them.
    app.keys.insert(&hash, Partner("other"));
    let partner = decide::<Api>(&app, &[KEY]).unwrap();
    assert_eq!(partner.grants().roles().count(), 0);
}

#[test]
fn a_key_ends_with_its_grants() {
    let (clock, hand) = Clock::manual(999);
    let mut app = app(ApiKeys::new());
    app.settings = Settings::new().with_clock(clock);
    app.keys.insert_with_grants(
        &ApiKeyHash::of(KEY),
        Partner("one"),
        Grants::none().expiring_at(1000),
    );
    assert!(admitted(&app, KEY).is_some());
    hand.set(1000);
    assert!(admitted(&app, KEY).is_none());
}

#[test]
fn the_owner_is_shared_and_not_copied() {
    let owner = Arc::new(Partner("one"));
    let app = app(ApiKeys::new());
    app.keys.insert(&ApiKeyHash::of(KEY), Arc::clone(&owner));
    let admitted = decide::<Api>(&app, &[KEY]).unwrap();
    assert!(core::ptr::eq(&raw const *admitted, Arc::as_ptr(&owner)));
}

/// While four threads ask, another revokes: from the moment `revoke` has returned, nobody is admitted.
#[test]
fn revoking_holds_at_once_for_all_threads() {
    let app = app(ApiKeys::new());
    let doomed = app.keys.insert_key(KEY, Partner("doomed")).unwrap();
    let (kept, kept_hash) = ApiKeyGenerator::new("acme").unwrap().generate().unwrap();
    app.keys.insert(&kept_hash, Partner("kept"));
    let revoked = AtomicBool::new(false);
    let start = Barrier::new(5);
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(|| {
                assert_eq!(admitted(&app, KEY), Some(Partner("doomed")));
                start.wait();
                loop {
                    let before = revoked.load(Ordering::SeqCst);
                    let doomed = admitted(&app, KEY);
                    assert_eq!(admitted(&app, kept.expose()), Some(Partner("kept")));
                    if before {
                        assert_eq!(doomed, None);
                        break;
                    }
                }
            });
        }
        scope.spawn(|| {
            start.wait();
            for number in 0..1000 {
                app.keys
                    .insert(&ApiKeyHash::of(&number.to_string()), Partner("more"));
            }
            assert!(app.keys.revoke(&doomed));
            revoked.store(true, Ordering::SeqCst);
        });
    });
    assert_eq!(app.keys.len(), 1001);
}

/// An owner whose `drop` panics leaves the other keys as they were.
#[test]
fn an_owner_that_panics_does_no_harm() {
    #[derive(Clone)]
    struct Owner {
        fragile: bool,
    }
    impl Drop for Owner {
        fn drop(&mut self) {
            assert!(!self.fragile || thread::panicking(), "an owner that panics");
        }
    }
    let keys = ApiKeys::<Owner>::new();
    let gone = ApiKeyHash::of("gone");
    keys.insert(&gone, Owner { fragile: true });
    let kept = keys.insert_key(KEY, Owner { fragile: false }).unwrap();
    let revoked = thread::scope(|scope| scope.spawn(|| keys.revoke(&gone)).join());
    assert!(revoked.is_err());
    assert!(!keys.revoke(&gone));
    assert!(keys.revoke(&kept));
}

#[test]
fn debug_tells_no_key_and_no_owner_v28() {
    let keys = ApiKeys::new();
    let hash = keys.insert_key(KEY, Partner("one")).unwrap();
    let (key, _) = ApiKeyGenerator::new("acme").unwrap().generate().unwrap();
    assert_eq!(format!("{keys:?}"), "ApiKeys { keys: 1, .. }");
    assert_eq!(
        format!("{hash:?} {key:?}"),
        "ApiKeyHash(..) Secret([redacted])"
    );
}
