//! Whoever is asked for, the same is hashed and looked up (DD18, V18): by counting, since time tells it badly.
#![allow(clippy::unwrap_used, clippy::panic, reason = "tests")]

use core::future::Future;
use core::pin::pin;
use core::task::{Context, Poll, Waker};
use std::sync::atomic::{AtomicUsize, Ordering};

use auth_syntax::{Declaration, DigestAlgorithm, DigestQop};
use http::Request;

use super::hash::work::{self, Run};
use super::hash::{self, Covered};
use super::{
    DigestHash, DigestLookup, DigestUserEntry, DigestUserList, DigestUsers, DigestVerifier,
    NonceSecret, user_hash,
};
use crate::Clock;
use crate::exchange::GuardedBody;
use crate::guard::Authenticated;
use crate::policy::{Main, Member, One, Policy, Spec};
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::Digest;
use crate::state::{AuthState, Provides, Settings};
use crate::verify::{Account, Grants};

const REALM: &str = "api@example.org";
const PASSWORD: &str = "Circle of Life";
/// It is disabled.
const DISABLED: &str = "Sarabi";
/// Its time is over.
const ENDED: &str = "Rafiki";
/// Of another realm alone.
const ELSEWHERE: &str = "Timon";
const KNOWN: [&str; 2] = ["Mufasa", "J\u{e4}s\u{f8}n Doe"];
const NOW: u64 = 1_800_000_000;

struct Api;

impl Policy for Api {
    type Accepts = One<Digest>;
    const SPEC: &'static Spec = {
        static MEMBERS: [Member; 1] = [crate::member!(
            Digest,
            Declaration::digest(REALM)
                .with_algorithms(&DigestAlgorithm::ALL)
                .offering_auth_int()
                .with_opaque("opaque")
                .with_userhash()
        )];
        static SPEC: Spec = Spec::new("Api", &MEMBERS);
        &SPEC
    };
}

/// Counts who was asked for.
struct Counted {
    inner: DigestUserList<String>,
    asked: AtomicUsize,
}

impl DigestUsers for Counted {
    type Identity = String;

    fn find<'r>(
        &'r self,
        wanted: DigestLookup<'r>,
    ) -> impl Future<Output = Result<Option<DigestUserEntry<String>>, Cause>> + Send + 'r {
        self.asked.fetch_add(1, Ordering::SeqCst);
        self.inner.find(wanted)
    }
}

struct App {
    users: DigestVerifier<Counted>,
    settings: Settings,
}

impl AuthState for App {
    fn settings(&self) -> &Settings {
        &self.settings
    }
}

impl Provides<Digest, Main> for App {
    type Verifier = DigestVerifier<Counted>;

    fn verifier(&self) -> &Self::Verifier {
        &self.users
    }
}

fn app() -> (App, crate::ClockHand) {
    let hash = |user, realm, algorithm| DigestHash::new(algorithm, user, realm, PASSWORD).unwrap();
    let mut users = DigestUserList::builder::<&str>([]);
    for algorithm in [
        DigestAlgorithm::Md5,
        DigestAlgorithm::Sha256,
        DigestAlgorithm::Sha512_256,
    ] {
        for user in KNOWN {
            let key = hash(user, REALM, algorithm);
            users = users
                .user_with_hash(user, REALM, key, user.to_owned())
                .unwrap();
        }
        let key = hash(DISABLED, REALM, algorithm);
        users = users
            .user_with_hash(DISABLED, REALM, key, Account::disabled())
            .unwrap();
        let key = hash(ENDED, REALM, algorithm);
        let ended = Account::new(ENDED.to_owned()).with_grants(Grants::none().expiring_at(NOW));
        users = users.user_with_hash(ENDED, REALM, key, ended).unwrap();
        let key = hash(ELSEWHERE, "elsewhere", algorithm);
        users = users
            .user_with_hash(ELSEWHERE, "elsewhere", key, ELSEWHERE.to_owned())
            .unwrap();
    }
    let counted = Counted {
        inner: users.build().unwrap(),
        asked: AtomicUsize::new(0),
    };
    let (clock, hand) = Clock::manual(NOW);
    let secret = NonceSecret::new([7; 32]).unwrap();
    let app = App {
        users: DigestVerifier::builder(counted, secret).build().unwrap(),
        settings: Settings::new().with_clock(clock),
    };
    (app, hand)
}

fn run<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("all is here"),
    }
}

fn request(field: Option<&str>) -> Request<GuardedBody> {
    let mut request = Request::post("/orders")
        .body(GuardedBody::from("two pears"))
        .unwrap();
    if let Some(field) = field {
        request
            .headers_mut()
            .insert("authorization", field.parse().unwrap());
    }
    // For `auth-int` alone, since behind it the proof of the server is computed as well, for who is admitted.
    if field.is_some_and(|field| field.contains("qop=auth-int")) {
        GuardedBody::received(request)
    } else {
        request
    }
}

/// The nonces of the challenges, as the algorithms are ordered.
fn nonces(app: &App) -> Vec<String> {
    let request = request(None);
    let refused = run(crate::http::check::<Api, Authenticated<String>, _>(
        app,
        RequestView::of(&request),
    ));
    let answer = refused.unwrap_err().into_response::<bytes::Bytes>();
    let lines = answer.headers().get_all("www-authenticate").iter();
    lines
        .map(|line| {
            let (_, nonce) = line.to_str().unwrap().split_once("nonce=\"").unwrap();
            nonce.trim_end_matches('"').to_owned()
        })
        .collect()
}

/// How a name is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    /// As curl 8.21 writes names beyond ASCII.
    Coded,
    Hashed,
}

#[derive(Clone)]
struct Sent<'t> {
    algorithm: DigestAlgorithm,
    qop: DigestQop,
    form: Form,
    user: &'t str,
    password: &'t str,
    nonce: &'t str,
    nc: u32,
}

impl Sent<'_> {
    fn field(&self) -> String {
        let Self {
            algorithm,
            qop,
            user,
            nonce,
            nc,
            ..
        } = *self;
        let mut key = DigestHash::new(algorithm, user, REALM, self.password).unwrap();
        if algorithm.is_session() {
            key = hash::session_hash(&key, nonce, "c");
        }
        let content = hash::content_hash(algorithm, b"two pears");
        let covered = Covered {
            nonce,
            nc: &format!("{nc:08x}"),
            cnonce: "c",
            uri: "/orders",
            content: Some(&content).filter(|_| qop == DigestQop::AuthInt),
        };
        let response = hash::response(&key, "POST", &covered).hex_string();
        let name = match self.form {
            Form::Plain => user.to_owned(),
            Form::Coded => user
                .bytes()
                .map(|octet| match octet {
                    b' '..=b'~' => char::from(octet).to_string(),
                    octet => format!("%{octet:02X}"),
                })
                .collect(),
            Form::Hashed => user_hash(algorithm, user, REALM).unwrap(),
        };
        let hashed = self.form == Form::Hashed;
        format!(
            "Digest username=\"{name}\", userhash={hashed}, realm=\"{REALM}\", nonce=\"{nonce}\", uri=\"/orders\", algorithm={algorithm}, qop={}, nc={nc:08x}, cnonce=\"c\", response=\"{response}\"",
            qop.name()
        )
    }
}

/// What it costs, and how it ends.
fn cost(app: &App, field: &str) -> (Vec<Run>, usize, &'static str) {
    let users = app.users.users();
    let request = request(Some(field));
    users.asked.store(0, Ordering::SeqCst);
    let (decided, work) = work::of(|| {
        run(crate::http::check::<Api, Authenticated<String>, _>(
            app,
            RequestView::of(&request),
        ))
    });
    let outcome = match decided {
        Ok(_) => "admitted",
        Err(refusal) => refusal.cause().reason(),
    };
    (work, users.asked.load(Ordering::SeqCst), outcome)
}

/// All kinds of credentials that are well formed, each with a nonce of its own algorithm.
fn kinds() -> impl Iterator<Item = (usize, DigestAlgorithm, DigestQop, Form)> {
    let algorithms = DigestAlgorithm::ALL.iter().copied().enumerate();
    algorithms.flat_map(|(at, algorithm)| {
        [DigestQop::Auth, DigestQop::AuthInt]
            .into_iter()
            .flat_map(move |qop| {
                [Form::Plain, Form::Coded, Form::Hashed].map(|form| (at, algorithm, qop, form))
            })
    })
}

// Unknown, disabled, of another realm, wrong, and right.
#[test]
fn dd18_v18_every_user_costs_the_same() {
    for (at, algorithm, qop, form) in kinds() {
        let (app, hand) = app();
        let nonces = nonces(&app);
        let nonce = &*nonces[at];
        // Names that are written in the same way.
        let (known, unknown) = match form {
            Form::Coded => (KNOWN[1], "J\u{e4}n"),
            Form::Plain | Form::Hashed => (KNOWN[0], "Scar"),
        };
        let (right, password) = (PASSWORD, "open sesame");
        let sent = |user, password, nc| {
            let sent = Sent {
                algorithm,
                qop,
                form,
                user,
                password,
                nonce,
                nc,
            };
            cost(&app, &sent.field())
        };
        let place = format!("{algorithm} {qop:?} {form:?}");
        let (work, asked, outcome) = sent(known, password, 1);
        assert_eq!(outcome, "invalid_credentials", "{place}");
        assert_eq!(asked, if form == Form::Coded { 2 } else { 1 }, "{place}");
        // H(A2) and the response, of the content, and of a session.
        let more = usize::from(qop == DigestQop::AuthInt) + usize::from(algorithm.is_session());
        assert_eq!(work.len(), 2 + more, "{place}");

        let mut others = vec![(unknown, right), (unknown, password)];
        if form != Form::Coded {
            others.extend([(DISABLED, right), (DISABLED, password), (ELSEWHERE, right)]);
            others.extend([(ENDED, right), (ENDED, password)]);
        }
        for (user, password) in others {
            let cost = sent(user, password, 1);
            assert_eq!(
                cost,
                (work.clone(), asked, "invalid_credentials"),
                "{place} {user}"
            );
        }
        // With an account that has ended nobody finds out, by `stale=true`, whether the password is right.
        if form != Form::Coded {
            for _ in 0..2 {
                let ended = sent(ENDED, right, 7);
                assert_eq!(
                    ended,
                    (work.clone(), asked, "invalid_credentials"),
                    "{place}"
                );
            }
        }
        // The right one as well; and where its time is over.
        let admitted = sent(known, right, 1);
        assert_eq!(admitted, (work.clone(), asked, "admitted"), "{place}");
        let replayed = sent(known, right, 1);
        assert_eq!(replayed, (work.clone(), asked, "stale_nonce"), "{place}");
        hand.advance(core::time::Duration::from_mins(5));
        let expired = sent(known, right, 2);
        assert_eq!(expired, (work, asked, "stale_nonce"), "{place}");
    }
}

// In a session that has begun, a digest that does not fit the `cnonce` at hand is computed with the first one as well.
#[test]
fn dd18_in_a_session_too() {
    for (at, algorithm, qop, form) in kinds().filter(|(_, algorithm, ..)| algorithm.is_session()) {
        if form == Form::Coded {
            continue;
        }
        let (app, _) = app();
        let nonces = nonces(&app);
        let nonce = &*nonces[at];
        let sent = |user, password, nc| {
            let sent = Sent {
                algorithm,
                qop,
                form,
                user,
                password,
                nonce,
                nc,
            };
            cost(&app, &sent.field())
        };
        assert_eq!(sent(KNOWN[0], PASSWORD, 1).2, "admitted");
        let wrong = sent(KNOWN[0], "open sesame", 2);
        assert_eq!(wrong.2, "invalid_credentials");
        for user in ["Scar", DISABLED, ELSEWHERE] {
            assert_eq!(
                sent(user, PASSWORD, 2),
                wrong,
                "{algorithm} {qop:?} {form:?} {user}"
            );
        }
    }
}

// V18: malformed credentials name nobody.
#[test]
fn v18_what_answers_no_challenge_costs_nothing() {
    let (app, _) = app();
    let nonces = nonces(&app);
    for (at, algorithm, qop, form) in kinds() {
        let sent = |nonce| Sent {
            algorithm,
            qop,
            form,
            user: KNOWN[1],
            password: PASSWORD,
            nonce,
            nc: 1,
        };
        let right = sent(&nonces[at]).field();
        let foreign = sent(&nonces[(at + 1) % nonces.len()]).field();
        for (field, reason) in [
            (foreign, "unknown_nonce"),
            (sent("made-up").field(), "unknown_nonce"),
            (right.replace(REALM, "elsewhere"), "other_realm"),
            (
                right.replace("algorithm=", "algorithm=X"),
                "algorithm_not_offered",
            ),
            (right.replace("\"/orders\"", "\"/\""), "digest_uri_mismatch"),
            (right.replace("nc=0", "nc="), "digest_parameter"),
            (right.replace("qop=auth", "qop=other"), "digest_parameter"),
            (
                right.replace(", cnonce", ", opaque=\"x\", cnonce"),
                "digest_parameter",
            ),
            (
                right.replace("response=\"", "response=\"0"),
                "digest_parameter",
            ),
            (format!("{right}, nc=00000001"), "digest_parameter"),
            ("Digest".to_owned(), "digest_parameter"),
        ] {
            assert_eq!(cost(&app, &field), (vec![], 0, reason), "{field}");
        }
    }
}
