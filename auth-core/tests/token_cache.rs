//! Tokens that were seen before: what a verifier remembers, for how long, and what is asked all the same; and how tokens
//! are taken back.
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, Key, Profile};
use auth_core::testing::TokenMinter;
use auth_core::{
    AuthState, Authenticated, CacheLimits, CacheStats, Cause, Clock, ClockHand, Refusal,
    RequestView, Revocation, RevocationAnswer, RevocationCheck, StoreDown, TokenFacts, auth_policy,
};
use bytes::Bytes;

const NOW: u64 = 1_759_312_800; // 2025-10-01T10:00:00Z
const ISS: &str = "https://login.example.com/";
const AUD: &str = "https://orders.example.com";

#[derive(Debug, serde::Deserialize)]
struct Claims {
    sub: String,
}

static COPIES: AtomicUsize = AtomicUsize::new(0);

impl Clone for Claims {
    fn clone(&self) -> Self {
        COPIES.fetch_add(1, Ordering::SeqCst);
        Self {
            sub: self.sub.clone(),
        }
    }
}

#[auth_policy(scheme = "Bearer", realm = "API")]
struct Api;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
}

impl App {
    fn ask(&self, token: &str) -> Result<Authenticated<Claims>, Refusal> {
        let request = http::Request::builder()
            .header("Authorization", format!("Bearer {token}"))
            .body(())
            .unwrap();
        let view = RequestView::of(&request);
        run(auth_core::http::check::<Api, _, _>(self, view))
    }

    fn admits(&self, token: &str) -> bool {
        self.ask(token).is_ok()
    }

    fn cause(&self, token: &str) -> Cause {
        self.ask(token).expect_err("admitted").cause().clone()
    }

    /// Hits and misses so far, and entries now.
    fn counts(&self) -> (u64, u64, usize) {
        let CacheStats {
            hits,
            misses,
            entries,
            ..
        } = self.tokens.cache_stats().unwrap();
        (hits, misses, entries)
    }
}

fn run<F: Future>(future: F) -> F::Output {
    let mut future = pin!(future);
    let mut cx = Context::from_waker(Waker::noop());
    // The stores below are waited for once.
    for _ in 0..3 {
        if let Poll::Ready(output) = future.as_mut().poll(&mut cx) {
            return output;
        }
    }
    panic!("it waits for nothing that comes")
}

fn minter() -> (TokenMinter, ClockHand) {
    let (clock, hand) = Clock::manual(NOW);
    let minter = TokenMinter::new()
        .unwrap()
        .with_issuer(Issuer::new(ISS))
        .with_audience(Audience::new(AUD))
        .with_clock(clock);
    (minter, hand)
}

fn app(minter: &TokenMinter) -> App {
    App {
        tokens: minter.verifier().unwrap(),
    }
}

/// As [`app`], with tokens that can be taken back.
fn revoking(minter: &TokenMinter, revocation: Revocation) -> App {
    let tokens = JwtVerifier::new(
        Issuer::new(ISS),
        Audience::new(AUD),
        [Algorithm::HS256],
        [minter.key()],
        revocation,
    );
    App {
        tokens: tokens.unwrap().with_clock(Clock::manual(NOW).0),
    }
}

// ---- what is remembered -------------------------------------------------------------------------------

#[test]
fn v21_a_token_seen_before_is_a_hit_and_its_claims_are_shared() {
    let (minter, _) = minter();
    let app = app(&minter);
    let (ann, bob) = (minter.token().subject("ann"), minter.token().subject("bob"));
    let (ann, bob) = (ann.mint(), bob.mint());
    let first = app.ask(&ann).unwrap();
    assert_eq!(app.counts(), (0, 1, 1));
    let second = app.ask(&ann).unwrap();
    assert_eq!(app.counts(), (1, 1, 1));
    assert!(std::ptr::eq(&raw const *first, &raw const *second));
    let other = app.ask(&bob).unwrap();
    assert_eq!(app.counts(), (1, 2, 2));
    assert_eq!(
        (&*first.sub, &*second.sub, &*other.sub),
        ("ann", "ann", "bob")
    );
    drop((first, other));
    assert_eq!(second.sub, "ann");
    assert_eq!(COPIES.load(Ordering::SeqCst), 0, "claims were copied");
}

#[test]
fn v21_each_verifier_remembers_for_itself() {
    let (minter, _) = minter();
    let token = minter.token().mint();
    let build = |issuer: &str, audience: &str, key: Key, clock: u64| {
        let (issuer, audience) = (Issuer::new(issuer), Audience::new(audience));
        let algorithms = [Algorithm::HS256];
        let verifier = JwtVerifier::new(issuer, audience, algorithms, [key], Revocation::None);
        verifier.unwrap().with_clock(Clock::manual(clock).0)
    };
    let relaxed = minter.token().typ("JWT").mint();
    let admitting = app(&minter);
    let strangers_key = TokenMinter::new().unwrap().key();
    for (tokens, token, why) in [
        (
            build(ISS, "other", minter.key(), NOW),
            &token,
            "wrong audience",
        ),
        (
            build("other", AUD, minter.key(), NOW),
            &token,
            "wrong issuer",
        ),
        (
            build(ISS, AUD, strangers_key, NOW),
            &token,
            "wrong signature",
        ),
        (build(ISS, AUD, minter.key(), NOW), &relaxed, "wrong typ"),
    ] {
        let other = App { tokens };
        let refused = Cause::invalid_token(why);
        // Before and after somebody else has admitted it.
        assert_eq!(other.cause(token), refused);
        if why != "wrong typ" {
            assert!(admitting.admits(token) && admitting.admits(token));
        }
        assert_eq!(other.cause(token), refused);
        assert_eq!(other.counts().2, 0);
    }
    let tokens = build(ISS, AUD, minter.key(), NOW).with_profile(Profile::Jwt);
    assert!(App { tokens }.admits(&relaxed));
}

#[test]
fn v21_what_was_admitted_under_other_settings_is_forgotten() {
    let (minter, hand) = minter();
    let minute = Duration::from_mins(1);
    let token = minter.token().roles(["clerk"]).mint();
    let used = |tokens: JwtVerifier<Claims>, token: &str| {
        let app = App { tokens };
        assert!(app.admits(token) && app.counts().2 == 1);
        app.tokens
    };
    let verifier = || minter.verifier().unwrap();

    let plain = minter.token().typ("JWT").mint();
    let relaxed = used(verifier().with_profile(Profile::Jwt), &plain);
    let strict = App {
        tokens: relaxed.with_profile(Profile::AccessToken),
    };
    assert_eq!(strict.cause(&plain), Cause::invalid_token("wrong typ"));
    for tokens in [
        used(verifier(), &token).without_roles(),
        used(verifier(), &token).with_roles_claim(["other"]),
    ] {
        let caller = App { tokens }.ask(&token).unwrap();
        assert!(!caller.grants().has_role("clerk"));
    }

    hand.advance(Duration::from_secs(330));
    let late = used(verifier().with_leeway(minute).unwrap(), &token);
    let strict = App {
        tokens: late.with_leeway(Duration::ZERO).unwrap(),
    };
    assert!(!strict.admits(&token));
}

#[test]
fn v21_a_refusal_is_not_remembered_as_a_success_nor_as_a_refusal() {
    let (minter, hand) = minter();
    let app = app(&minter);
    let early = minter
        .token()
        .claim("nbf", NOW + 10)
        .claim("exp", NOW + 20)
        .mint();
    let foreign = TokenMinter::new().unwrap().token().mint();
    for _ in 0..3 {
        assert_eq!(app.cause(&early), Cause::invalid_token("not yet valid"));
        assert_eq!(app.cause(&foreign), Cause::invalid_token("wrong signature"));
        assert_eq!(
            app.cause("opaque"),
            Cause::invalid_token("malformed: not three segments")
        );
    }
    assert_eq!(app.counts(), (0, 9, 0));
    hand.advance(Duration::from_secs(10));
    assert!(app.admits(&early));
    // A clock that is set back finds it too early again.
    hand.set(NOW);
    assert_eq!(app.cause(&early), Cause::invalid_token("not yet valid"));
}

#[test]
fn v21_a_token_that_differs_in_one_octet_is_another_token() {
    let (minter, _) = minter();
    let app = app(&minter);
    let token = minter.token().mint();
    assert!(app.admits(&token));
    for at in 0..token.len() {
        let mut octets = token.clone().into_bytes();
        octets[at] = if octets[at] == b'A' { b'B' } else { b'A' };
        let changed = String::from_utf8(octets).unwrap();
        assert!(!app.admits(&changed), "octet {at}");
    }
    assert!(!app.admits(&format!("{token}A")));
    assert!(!app.admits(&token[..token.len() - 1]));
    assert_eq!(app.counts().0, 0);
    assert!(app.admits(&token));
    assert_eq!(app.counts().0, 1);
}

#[test]
fn v21_j4_an_entry_dies_with_its_token_to_the_second_and_with_leeway() {
    for (leeway, token_lasts) in [(0, 300), (60, 360)] {
        let (minter, hand) = minter();
        let verifier = minter.verifier().unwrap();
        let app = App {
            tokens: verifier.with_leeway(Duration::from_secs(leeway)).unwrap(),
        };
        let token = minter.token().mint();
        assert!(app.admits(&token));
        hand.set(NOW + token_lasts - 1);
        assert!(app.admits(&token));
        assert_eq!(app.counts(), (1, 1, 1));
        hand.set(NOW + token_lasts);
        assert_eq!(
            app.cause(&token),
            Cause::TokenExpired {
                at: Some(NOW + 300)
            }
        );
        assert_eq!(app.counts(), (1, 2, 0));
    }
}

#[test]
fn it_can_be_switched_off() {
    let (minter, _) = minter();
    let app = App {
        tokens: minter.verifier().unwrap().without_cache(),
    };
    let token = minter.token().mint();
    let (first, second) = (app.ask(&token).unwrap(), app.ask(&token).unwrap());
    assert!(!std::ptr::eq(&raw const *first, &raw const *second));
    assert_eq!(app.tokens.cache_stats(), None);
}

#[test]
fn v24_it_is_bounded() {
    let (minter, _) = minter();
    let limits = CacheLimits::default().with_entries(20).with_octets(1 << 20);
    let app = App {
        tokens: minter.verifier().unwrap().with_cache(limits),
    };
    for _ in 0..500 {
        assert!(app.admits(&minter.token().mint()));
    }
    let stats = app.tokens.cache_stats().unwrap();
    assert!((10..=20).contains(&stats.entries), "{stats:?}");
    assert!(stats.octets <= 1 << 20, "{stats:?}");
}

#[test]
fn a_hit_allocates_nothing_whatever_the_token() {
    let (minter, _) = minter();
    let app = app(&minter);
    let request = |token: &str| {
        http::Request::builder()
            .header("Authorization", format!("Bearer {token}"))
            .body(())
            .unwrap()
    };
    let small = request(&minter.token().mint());
    let long = minter.token().claim("filler", "x".repeat(4000));
    let large = request(&long.scope("a b c d e f g").roles(["r", "s"]).mint());
    for request in [small, large] {
        let ask = || {
            let view = RequestView::of(&request);
            run(auth_core::http::check::<Api, Authenticated<Claims>, _>(
                &app, view,
            ))
            .unwrap()
        };
        // A miss, and a hit that may set up what is counted (feature `metrics`).
        drop((ask(), ask()));
        let hit = allocation_counter::measure(|| drop(ask()));
        assert_eq!(hit.count_total, 0, "{hit:?}");
        assert!(app.counts().0 > 0);
    }
}

// ---- how tokens are taken back ------------------------------------------------------------------------

#[test]
fn v21_what_is_revoked_is_refused_at_once_though_it_was_seen_before() {
    let (minter, _) = minter();
    let revoked = Arc::new(AtomicBool::new(false));
    let rule = {
        let revoked = Arc::clone(&revoked);
        Revocation::when(move |token| token.jti() == Some("1") && revoked.load(Ordering::SeqCst))
    };
    let app = revoking(&minter, rule);
    let (token, neighbour) = (minter.token().claim("jti", "1"), minter.token());
    let (token, neighbour) = (token.mint(), neighbour.mint());
    assert!(app.admits(&token) && app.admits(&token) && app.admits(&neighbour));
    assert_eq!(app.counts(), (1, 2, 2));
    revoked.store(true, Ordering::SeqCst);
    assert_eq!(app.cause(&token), Cause::TokenRevoked);
    assert!(app.admits(&neighbour));
    // Nor is that remembered.
    revoked.store(false, Ordering::SeqCst);
    assert!(app.admits(&token));
}

#[test]
fn v21_t9_a_revoked_token_is_told_by_401_invalid_token_and_token_revoked() {
    let (minter, _) = minter();
    let app = revoking(&minter, Revocation::when(|_| true));
    let refusal = app.ask(&minter.token().mint()).unwrap_err();
    let response = refusal.into_response::<Bytes>();
    assert_eq!(response.status(), 401);
    let challenges: Vec<_> = response
        .headers()
        .get_all("www-authenticate")
        .iter()
        .collect();
    let [challenge] = challenges[..] else {
        panic!("{challenges:?}")
    };
    let challenge = challenge.to_str().unwrap();
    assert!(
        challenge.starts_with(r#"Bearer realm="API", error="invalid_token""#),
        "{challenge}"
    );
    assert_eq!(response.headers()["cache-control"], "no-store");
    let body: serde_json::Value = serde_json::from_slice(response.body()).unwrap();
    assert_eq!(body["error"], "token_revoked");
}

#[test]
fn an_expired_token_is_called_expired_and_no_store_is_asked() {
    let (minter, _) = minter();
    let app = revoking(&minter, Revocation::when(|_| panic!("asked")));
    let expired = minter.token().expiring_at(NOW - 1).mint();
    assert_eq!(
        app.cause(&expired),
        Cause::TokenExpired { at: Some(NOW - 1) }
    );
    let foreign = TokenMinter::new().unwrap().token().mint();
    assert_eq!(app.cause(&foreign), Cause::invalid_token("wrong signature"));
}

/// A store elsewhere: it answers this, later or at once.
#[derive(Clone)]
struct Elsewhere {
    answer: Result<bool, StoreDown>,
    later: bool,
    asked: Arc<AtomicUsize>,
}

impl RevocationCheck for Elsewhere {
    fn is_revoked<'a>(&'a self, _: &'a TokenFacts) -> RevocationAnswer<'a> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        let answer = self.answer.clone();
        if self.later {
            let mut waited = false;
            return RevocationAnswer::later(poll_fn(move |cx| {
                if core::mem::replace(&mut waited, true) {
                    return Poll::Ready(answer.clone());
                }
                cx.waker().wake_by_ref();
                Poll::Pending
            }));
        }
        match answer {
            Ok(revoked) => RevocationAnswer::now(revoked),
            Err(StoreDown(why)) => RevocationAnswer::down(why),
        }
    }
}

const ADMITTED: Result<bool, StoreDown> = Ok(false);
const REVOKED: Result<bool, StoreDown> = Ok(true);

fn down() -> Result<bool, StoreDown> {
    Err(StoreDown::new("connection refused"))
}

fn elsewhere(answer: Result<bool, StoreDown>, later: bool) -> Elsewhere {
    Elsewhere {
        answer,
        later,
        asked: Arc::default(),
    }
}

fn status(app: &App, token: &str) -> u16 {
    app.ask(token)
        .map_or_else(|refusal| refusal.status().as_u16(), |_| 200)
}

#[test]
fn a_store_that_is_down_is_503_neither_401_nor_a_pass_i6() {
    let (minter, _) = minter();
    for later in [false, true] {
        let app = revoking(&minter, Revocation::by(elsewhere(down(), later)));
        let token = minter.token().mint();
        // Also where the verifier remembers the token.
        for _ in 0..2 {
            let refusal = app.ask(&token).unwrap_err();
            assert_eq!(refusal.status(), 503);
            assert_eq!(refusal.challenges().count(), 0);
            assert!(matches!(refusal.cause(), Cause::Unavailable { .. }));
            let response = refusal.into_response::<Bytes>();
            assert!(response.headers().contains_key("retry-after"));
            assert!(
                !response
                    .body()
                    .windows(10)
                    .any(|part| part == b"connection")
            );
        }
    }
}

#[test]
fn of_two_ways_either_one_revokes_and_both_must_answer() {
    let (minter, _) = minter();
    let token = minter.token().mint();
    for (first, second, expected) in [
        (ADMITTED, ADMITTED, 200),
        (ADMITTED, REVOKED, 401),
        (REVOKED, ADMITTED, 401),
        (REVOKED, REVOKED, 401),
        (REVOKED, down(), 401),
        (ADMITTED, down(), 503),
        (down(), ADMITTED, 503),
        (down(), REVOKED, 503),
        (down(), down(), 503),
    ] {
        for (first_later, second_later) in
            [(false, false), (false, true), (true, false), (true, true)]
        {
            let first = elsewhere(first.clone(), first_later);
            let second = elsewhere(second.clone(), second_later);
            let either = Revocation::by(first.clone()).or(Revocation::by(second.clone()));
            let found = status(&revoking(&minter, either), &token);
            assert_eq!(found, expected, "{:?} or {:?}", first.answer, second.answer);
            // What is decided is not asked again.
            let asked = second.asked.load(Ordering::SeqCst);
            assert_eq!(asked, usize::from(first.answer == ADMITTED));
        }
    }
}

#[test]
fn no_way_and_another_one_is_the_other_one() {
    let (minter, _) = minter();
    let token = minter.token().mint();
    let all = || Revocation::when(|_| true);
    for (revocation, expected) in [
        (Revocation::None, 200),
        (Revocation::None.or(Revocation::None), 200),
        (Revocation::None.or(all()), 401),
        (all().or(Revocation::None), 401),
    ] {
        assert_eq!(status(&revoking(&minter, revocation), &token), expected);
    }
}

#[test]
fn a_rule_sees_what_the_token_says() {
    let (minter, _) = minter();
    let seen: Arc<std::sync::Mutex<Option<TokenFacts>>> = Arc::default();
    let rule = {
        let seen = Arc::clone(&seen);
        Revocation::when(move |token| {
            *seen.lock().unwrap() = Some(token.clone());
            false
        })
    };
    let app = revoking(&minter, rule);
    let token = minter
        .token()
        .subject("ann")
        .claim("client_id", "web")
        .claim("jti", "1");
    assert!(app.admits(&token.mint()));
    let facts = seen.lock().unwrap().take().unwrap();
    let expected = TokenFacts::new(ISS)
        .with_subject("ann")
        .with_client_id("web")
        .with_jti("1")
        .with_issued_at(NOW)
        .with_expires_at(NOW + 300);
    assert!(facts == expected);
    assert_eq!(format!("{facts:?}"), "TokenFacts([redacted])");
}

#[cfg(feature = "revocation-store")]
#[test]
fn v21_the_durable_store_refuses_a_token_that_was_seen_before() {
    use auth_core::store::Revocations;

    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revocations");
    let (minter, _) = minter();
    let builder = || Revocations::builder().with_clock(Clock::manual(NOW).0);
    let revocations = builder().create(&path).unwrap();
    let app = revoking(&minter, Revocation::by(revocations.clone()));
    let token = |jti: &str, subject: &str| minter.token().claim("jti", jti).subject(subject).mint();
    let (one, two, bobs) = (token("1", "ann"), token("2", "ann"), token("3", "bob"));
    assert!(app.admits(&one) && app.admits(&two) && app.admits(&bobs));
    revocations.revoke_token(ISS, "1", NOW + 300).unwrap();
    assert_eq!(app.cause(&one), Cause::TokenRevoked);
    assert!(app.admits(&two));
    revocations
        .revoke_subject(ISS, "ann", NOW, NOW + 300)
        .unwrap();
    assert_eq!(app.cause(&two), Cause::TokenRevoked);
    assert!(app.admits(&bobs));

    // After a restart as well.
    drop((app, revocations));
    let reopened = builder().open(&path).unwrap();
    let app = revoking(&minter, Revocation::by(reopened));
    assert_eq!(app.cause(&one), Cause::TokenRevoked);
    assert_eq!(app.cause(&two), Cause::TokenRevoked);
    assert!(app.admits(&bobs));
}
