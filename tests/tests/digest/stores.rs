//! Stores and verifiers of the application: what they cannot answer admits nobody, and asks nobody for a password.

use core::time::Duration;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use auth_core::digest::{
    AsyncDigestUsersFn, CountAnswer, DigestHash, DigestLookup, DigestUserEntry, DigestUsers,
    DigestUsersFn, DigestVerifier, MemoryNonceCounts, NonceCounts, NonceSecret, NonceUse,
};
use auth_core::refusal::OpenChallenge;
use auth_core::{
    AnyVerifier, AuthState, Authenticated, Cause, Clock, ClockHand, Digest, DigestAlgorithm,
    DigestCredentials, DigestUser, Provides, RequestView, Settings, StoreDown, Verified, Verifier,
    auth_policy, requires_auth,
};
use auth_tests::digest::Client;
use axum::body::Body;
use http::{HeaderValue, Request, Response, header};

use crate::server::{NOW, PASSWORD, REALM, SECRET, Server, USER, Users, app, honest, tell, users};

/// An application with any verifier.
pub(crate) struct Any<V> {
    pub(crate) users: V,
    pub(crate) settings: Settings,
}

impl<V: Send + Sync> AuthState for Any<V> {
    fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl<V: Verifier<Scheme = Digest>> Provides<Digest> for Any<V> {
    type Verifier = V;

    fn verifier(&self) -> &V {
        &self.users
    }
}

#[auth_policy(scheme = "Digest", realm = REALM)]
struct Plain;

#[requires_auth(Plain)]
async fn plain(user: Authenticated<String>, request: Request<Body>) -> Response<Body> {
    tell(&user, request).await
}

pub(crate) fn serve(users: impl Verifier<Scheme = Digest, Identity = String> + 'static) -> Server {
    let (clock, _) = Clock::manual(NOW);
    let settings = Settings::new().with_clock(clock);
    let app = Arc::new(Any { users, settings });
    let guarded = auth_core::http::Guarded::new(app, plain);
    Server::of("http", move |request| guarded.call(request))
}

pub(crate) fn built<U: DigestUsers>(users: U) -> DigestVerifier<U> {
    let secret = NonceSecret::new(SECRET).unwrap();
    DigestVerifier::builder(users, secret).build().unwrap()
}

const ADMITTED: (u16, &str) = (200, "admitted");

/// A fault of the server: no challenge, nothing that proves anything, and the words for the log alone.
async fn fails(server: &Server, request: Request<Body>, outcome: (u16, &str), detail: &str) {
    let response = server.answer(request).await;
    let cause = response.extensions().get::<Cause>().unwrap();
    assert!(cause.to_string().contains(detail), "{cause}");
    assert_eq!((response.status().as_u16(), cause.reason()), outcome);
    assert!(!response.headers().contains_key(header::WWW_AUTHENTICATE));
    assert!(!response.headers().contains_key("authentication-info"));
    let retry = response.headers().contains_key(header::RETRY_AFTER);
    assert_eq!(retry, outcome.0 == 503);
    let told = crate::server::Told::of(response).await;
    assert!(!told.content.contains(detail), "{}", told.content);
}

/// A store whose answers are told by the test.
#[derive(Default)]
struct Counts {
    down: Arc<AtomicU64>,
    asked: Arc<AtomicU64>,
    inner: MemoryNonceCounts,
}

impl NonceCounts for Counts {
    async fn record<'s>(&'s self, used: NonceUse<'s>) -> Result<CountAnswer, StoreDown> {
        self.asked.fetch_add(1, Ordering::SeqCst);
        if self.down.load(Ordering::SeqCst) != 0 {
            return Err(StoreDown::new("redis at 10.0.0.1"));
        }
        self.inner.record(used).await
    }

    fn issued(&self, now_ms: u64) {
        self.inner.issued(now_ms);
    }
}

// D-10: who cannot tell whether it is a replay admits nobody, and it was none.
#[tokio::test]
async fn a_store_of_counts_that_is_down_refuses_with_503() {
    let (down, asked) = (Arc::<AtomicU64>::default(), Arc::<AtomicU64>::default());
    let counts = Counts {
        down: Arc::clone(&down),
        asked: Arc::clone(&asked),
        ..Counts::default()
    };
    let list = Known::users();
    let secret = NonceSecret::new(SECRET).unwrap();
    let verifier = DigestVerifier::builder(list, secret)
        .with_counts(counts)
        .build();
    let server = serve(verifier.unwrap());
    let client = server.client("/").await;
    down.store(1, Ordering::SeqCst);
    fails(&server, honest(&client), (503, "unavailable"), "10.0.0.1").await;
    // Who has no right digest does not ask it.
    let mut wrong = client.clone();
    wrong.password.push('!');
    assert_eq!(
        server.told(honest(&wrong)).await.outcome(),
        (401, "invalid_credentials")
    );
    assert_eq!(asked.load(Ordering::SeqCst), 1);
    down.store(0, Ordering::SeqCst);
    assert_eq!(server.told(honest(&client)).await.outcome(), ADMITTED);
    assert_eq!(
        server.told(honest(&client)).await.outcome(),
        (401, "stale_nonce")
    );
}

/// Users that are found when the nonce has ended.
struct Slow(DigestUsersFn<String>, ClockHand);

impl DigestUsers for Slow {
    type Identity = String;

    async fn find<'r>(
        &'r self,
        wanted: DigestLookup<'r>,
    ) -> Result<Option<DigestUserEntry<String>>, Cause> {
        self.1.advance(Duration::from_mins(5));
        self.0.find(wanted).await
    }
}

// D-14, V17: what took its time, a look-up or content, does not carry a nonce over its end, behind which stores forget.
#[tokio::test]
async fn d14_a_nonce_that_ends_meanwhile_has_ended() {
    let (clock, hand) = Clock::manual(NOW);
    let asked = Arc::<AtomicU64>::default();
    let counts = Counts {
        asked: Arc::clone(&asked),
        ..Counts::default()
    };
    let secret = NonceSecret::new(SECRET).unwrap();
    let users = DigestVerifier::builder(Slow(Known::users(), hand), secret)
        .with_counts(counts)
        .build()
        .unwrap();
    let settings = Settings::new().with_clock(clock);
    let guarded = auth_core::http::Guarded::new(Arc::new(Any { users, settings }), plain);
    let server = Server::of("http", move |request| guarded.call(request));
    let client = server.client("/").await;
    let told = server.told(honest(&client)).await;
    assert_eq!(told.outcome(), (401, "stale_nonce"));
    assert_eq!(asked.load(Ordering::SeqCst), 0);
}

struct Known;

impl Known {
    fn users() -> DigestUsersFn<String> {
        DigestUsersFn::new(|wanted: &DigestLookup<'_>| {
            if wanted.user() != DigestUser::Plain(USER) {
                return Ok(None);
            }
            let hash = DigestHash::new(wanted.algorithm(), USER, wanted.realm(), PASSWORD);
            Ok(Some(DigestUserEntry::new(hash.unwrap(), USER.to_owned())))
        })
    }
}

#[tokio::test]
async fn a_closure_knows_users() {
    let awaiting = AsyncDigestUsersFn::new(|wanted: DigestLookup<'static>| async move {
        tokio::task::yield_now().await;
        Known::users().find(wanted).await
    });
    for server in [serve(built(Known::users())), serve(built(awaiting))] {
        let client = server.client("/").await;
        let mut unknown = client.clone();
        "Scar".clone_into(&mut unknown.user);
        assert_eq!(
            server.told(honest(&unknown)).await.outcome(),
            (401, "invalid_credentials")
        );
        assert_eq!(server.told(honest(&client)).await.outcome(), ADMITTED);
    }
}

#[tokio::test]
async fn a_store_of_users_that_is_down_refuses_with_503() {
    let down = |_: &DigestLookup<'_>| -> Result<Option<DigestUserEntry<String>>, Cause> {
        let later = std::time::Duration::from_secs(3);
        Err(Cause::unavailable(later, "database at 10.0.0.2"))
    };
    let server = serve(built(DigestUsersFn::new(down)));
    let client = server.client("/").await;
    fails(&server, honest(&client), (503, "unavailable"), "10.0.0.2").await;
    let mut forged = client.clone();
    forged.nonce.make_ascii_lowercase();
    assert_eq!(
        server.told(honest(&forged)).await.outcome(),
        (401, "unknown_nonce")
    );
}

#[tokio::test]
async fn a_hash_of_another_algorithm_is_a_fault_of_the_set_up() {
    let mixed = DigestUsersFn::new(|wanted: &DigestLookup<'_>| {
        let hash = DigestHash::new(DigestAlgorithm::Md5, USER, wanted.realm(), PASSWORD);
        Ok(Some(DigestUserEntry::new(hash.unwrap(), USER.to_owned())))
    });
    let server = serve(built(mixed));
    let client = server.client("/").await;
    fails(
        &server,
        honest(&client),
        (500, "not_configured"),
        "another algorithm",
    )
    .await;
}

/// A verifier that was written for another scheme, so to speak.
struct Nonceless;

impl Verifier for Nonceless {
    type Scheme = Digest;
    type Identity = String;

    async fn verify<'r>(
        &'r self,
        _: DigestCredentials<'r>,
        _: &'r RequestView<'r>,
    ) -> Result<Verified<String>, Cause> {
        Ok(Verified::new(String::new()))
    }
}

// Without nonces nobody can be asked for anything: also who presents nothing.
#[tokio::test]
async fn a_verifier_that_completes_no_challenge_admits_nobody() {
    for server in [serve(Nonceless), serve(AnyVerifier::new(Nonceless))] {
        let nothing = Request::get("/").body(Body::empty()).unwrap();
        fails(&server, nothing, (500, "not_configured"), "DigestVerifier").await;
    }
}

/// Around a verifier, and forgetful of its challenges or not.
struct Around<V> {
    inner: V,
    completes: bool,
}

impl<V: Verifier<Scheme = Digest>> Verifier for Around<V> {
    type Scheme = Digest;
    type Identity = V::Identity;

    async fn verify<'r>(
        &'r self,
        credentials: DigestCredentials<'r>,
        request: &'r RequestView<'r>,
    ) -> Result<Verified<V::Identity>, Cause> {
        self.inner.verify(credentials, request).await
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        request: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        if self.completes {
            return self.inner.complete(challenge, request);
        }
        Err(Cause::NotConfigured("the wrapper keeps its nonces".into()))
    }
}

#[tokio::test]
async fn verifiers_in_other_types_are_the_same() {
    let around = |completes| Around {
        inner: users(SECRET),
        completes,
    };
    for server in [
        serve(users(SECRET)),
        serve(Arc::new(users(SECRET))),
        serve(AnyVerifier::new(users(SECRET))),
        serve(AnyVerifier::new(Arc::new(around(true)))),
        serve(around(true)),
    ] {
        let client = server.client("/").await;
        assert_eq!(server.told(honest(&client)).await.outcome(), ADMITTED);
        let told = server.told(honest(&client)).await;
        assert_eq!(told.outcome(), (401, "stale_nonce"));
        let again = Client::of(&told.challenges[0], USER, PASSWORD);
        let told = server.told(honest(&again)).await;
        assert_eq!(
            (told.outcome(), told.info),
            (ADMITTED, Some(again.info("")))
        );
    }
    let server = serve(around(false));
    let nothing = Request::get("/").body(Body::empty()).unwrap();
    fails(
        &server,
        nothing,
        (500, "not_configured"),
        "keeps its nonces",
    )
    .await;
}

// A clone, as states of axum are cloned, shares the counts.
#[tokio::test]
async fn clones_of_a_verifier_share_their_counts() {
    let verifier: Users = users(SECRET);
    let (one, other) = (serve(verifier.clone()), serve(verifier));
    let client = one.client("/").await;
    assert_eq!(one.told(honest(&client)).await.outcome(), ADMITTED);
    assert_eq!(
        other.told(honest(&client)).await.outcome(),
        (401, "stale_nonce")
    );
}

// Without a policy there is no realm to check against.
#[tokio::test]
async fn a_check_by_hand_without_a_policy_admits_nobody() {
    let (app, _) = app();
    let client = crate::server::all(&app)[0].client("/a").await;
    let field = client.params().field();
    let credentials = <Digest as auth_core::Scheme>::extract(&field["Digest ".len()..]).unwrap();
    let request = honest(&client);
    let refused = users(SECRET)
        .verify(credentials, &RequestView::of(&request))
        .await;
    assert_eq!(refused.unwrap_err().reason(), "not_configured");
}
