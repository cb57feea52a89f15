//! Several instances that answer for one host: one secret, a store of counts that they share, and clocks that differ.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use auth_core::digest::{
    CountAnswer, DigestUserList, DigestVerifier, MemoryNonceCounts, NonceCounts, NonceSecret,
    NonceUse,
};
use auth_core::{
    AuthState, Authenticated, Clock, ClockHand, DigestAlgorithm, Settings, StoreDown, requires_auth,
};
use auth_tests::digest::Client;
use axum::body::Body;
use http::{Request, Response};

use crate::server::{NOW, PASSWORD, REALM, SECRET, Server, USER, honest, tell};

const LIFETIME: Duration = Duration::from_secs(30);

const ADMITTED: (u16, &str) = (200, "admitted");
const STALE: (u16, &str) = (401, "stale_nonce");

/// `SET key "" NX PX …` as the documentation of [`NonceCounts`] has it, by the clock of the server of the store.
#[derive(Clone)]
struct Shared {
    /// When each key ends.
    keys: Arc<Mutex<HashMap<Vec<u8>, Duration>>>,
    clock: Clock,
}

impl Shared {
    fn new(clock: &Clock) -> Self {
        Self {
            keys: Arc::default(),
            clock: clock.clone(),
        }
    }

    fn set_new(&self, key: Vec<u8>, keep_for: Duration) -> bool {
        let now = Duration::from_secs(self.clock.unix_seconds());
        let mut keys = self.keys.lock().unwrap();
        keys.retain(|_, end| *end > now);
        let is_new = !keys.contains_key(&key);
        keys.entry(key).or_insert(now + keep_for);
        is_new
    }
}

impl NonceCounts for Shared {
    async fn record<'s>(&'s self, used: NonceUse<'s>) -> Result<CountAnswer, StoreDown> {
        let mut key = b"digest-nc:".to_vec();
        key.extend(used.nonce().to_octets());
        key.extend(used.count().to_be_bytes());
        let is_new = self.set_new(key, used.keep_for());
        Ok(if is_new {
            CountAnswer::Fresh
        } else {
            CountAnswer::Used
        })
    }
}

#[derive(AuthState)]
struct App {
    #[auth(Digest)]
    users: DigestVerifier<DigestUserList<String>>,
    #[auth(settings)]
    settings: Settings,
}

#[requires_auth(scheme = "Digest", realm = REALM)]
async fn hello(user: Authenticated<String>, request: Request<Body>) -> Response<Body> {
    tell(&user, request).await
}

fn instance(clock: &Clock, counts: impl NonceCounts + 'static, lifetime: Duration) -> Server {
    let users = DigestUserList::builder([(REALM, DigestAlgorithm::Sha256)])
        .user(USER, PASSWORD, USER.to_owned())
        .and_then(auth_core::digest::DigestUserListBuilder::build)
        .unwrap();
    let users = DigestVerifier::builder(users, NonceSecret::new(SECRET).unwrap())
        .with_counts(counts)
        .with_nonce_lifetime(lifetime)
        .build()
        .unwrap();
    let settings = Settings::new().with_clock(clock.clone());
    let app = Arc::new(App { users, settings });
    let guarded = auth_core::http::Guarded::new(app, hello);
    Server::of("http", move |request| guarded.call(request))
}

async fn outcome(server: &Server, client: &Client) -> (u16, &'static str) {
    server.told(honest(client)).await.outcome()
}

/// Two instances, the first of which is ahead, and what moves both of their clocks.
struct Two {
    instances: [Server; 2],
    hands: [ClockHand; 2],
}

impl Two {
    fn new<C: NonceCounts + Clone + 'static>(ahead: u64, store: impl Fn(&Clock) -> C) -> Self {
        let (fast, fast_hand) = Clock::manual(NOW + ahead);
        let (slow, slow_hand) = Clock::manual(NOW);
        let store = store(&slow);
        Self {
            instances: [
                instance(&fast, store.clone(), LIFETIME),
                instance(&slow, store, LIFETIME),
            ],
            hands: [fast_hand, slow_hand],
        }
    }

    fn wait(&self, seconds: u64) {
        for hand in &self.hands {
            hand.advance(Duration::from_secs(seconds));
        }
    }

    /// How often one request is admitted that is made with a nonce of the one, is sent to the other after a while, and
    /// to both in each second after that.
    async fn admitted(&self, issuer: usize, first: usize, after: u64) -> usize {
        let client = self.instances[issuer].client("/").await;
        self.wait(after);
        let mut admitted = usize::from(outcome(&self.instances[first], &client).await == ADMITTED);
        for _ in 0..LIFETIME.as_secs() + 10 {
            for instance in &self.instances {
                admitted += usize::from(outcome(instance, &client).await == ADMITTED);
            }
            self.wait(1);
        }
        admitted
    }
}

async fn each_request_is_admitted_once<C: NonceCounts + Clone + 'static>(
    store: impl Fn(&Clock) -> C,
) {
    for ahead in [0, 4, 5] {
        for (issuer, first) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
            for after in [0, 10, 24, 25, 29] {
                let two = Two::new(ahead, &store);
                let admitted = two.admitted(issuer, first, after).await;
                assert_eq!(
                    admitted, 1,
                    "{ahead} s, {issuer} to {first}, after {after} s"
                );
            }
        }
    }
}

// D-10, V17: the instance that is ahead believes that the nonce has ended, and the other one still takes it.
#[tokio::test]
async fn d10_instances_with_clocks_that_differ_admit_a_request_once() {
    each_request_is_admitted_once(Shared::new).await;
}

// D-10, V17: two verifiers of one process.
#[tokio::test]
async fn d10_the_store_in_memory_does_not_go_by_the_clock_of_one() {
    each_request_is_admitted_once(|_| {
        let counts = Arc::new(MemoryNonceCounts::default());
        // Of what was issued before, it knows nothing.
        counts.issued(NOW * 1000);
        counts
    })
    .await;
}

// D-10, V17: the next release has another lifetime, and the store has forgotten what was used in the time of this one.
#[tokio::test]
async fn d10_another_lifetime_brings_no_request_back() {
    const LONGER: Duration = Duration::from_hours(24);
    for (issuer, first) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
        let (clock, hand) = Clock::manual(NOW);
        let store = Shared::new(&clock);
        let instances =
            [LIFETIME, LONGER].map(|lifetime| instance(&clock, store.clone(), lifetime));
        let client = instances[issuer].client("/").await;
        let admitted = outcome(&instances[first], &client).await == ADMITTED;
        assert_eq!(admitted, issuer == first);
        if !admitted {
            assert_eq!(outcome(&instances[issuer], &client).await, ADMITTED);
        }
        for age in [0, 29, 30, 34, 35, 36, 3600, 86_399, 86_400, 90_000] {
            hand.set(NOW + age);
            for instance in &instances {
                let outcome = outcome(instance, &client).await;
                assert_ne!(outcome, ADMITTED, "{issuer} to {first}, after {age} s");
            }
        }
    }
}

// Why all verifiers of one secret and realm have to share their counts.
#[tokio::test]
async fn each_verifier_with_counts_of_its_own_admits_a_request_once() {
    let (clock, _) = Clock::manual(NOW);
    let own = || {
        let counts = MemoryNonceCounts::default();
        counts.issued(NOW * 1000);
        instance(&clock, counts, LIFETIME)
    };
    let (one, other) = (own(), own());
    let client = one.client("/").await;
    for instance in [one, other] {
        assert_eq!(outcome(&instance, &client).await, ADMITTED);
        assert_eq!(outcome(&instance, &client).await, STALE);
    }
}
