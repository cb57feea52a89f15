//! What only a hasher put in from within can show: how much is hashed, and where.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use core::future::Future;
use core::pin::{Pin, pin};
use core::task::{Context, Poll, Waker};
use core::time::Duration;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, ThreadId};

use base64::Engine as _;
use http::HeaderMap;

use super::work::{Algorithms, HashFailed, Hasher, Work};
use super::{Passwords, PasswordsBuilder};
use crate::refusal::Cause;
use crate::request::RequestView;
use crate::scheme::{Basic, Scheme as _};
use crate::verify::Verifier as _;

const ARGON2_64: &str = "$argon2id$v=19$m=64,t=1,p=1$a6iTHShEVz2xcMHtrHyDkg$LlSoKgsf3mJvtktw1HVLeP9zRXlrjhLeTXoAEeXD6Do";
const OPEN_SESAME: &str = "$argon2id$v=19$m=64,t=1,p=1$DwOZ+zRnqkuORYKS6xZBsg$kP5NMHQgaM+3dD98hlFftf91+w134HzbKi11S5HLcCk";
/// Of "battery staple".
const ARGON2_128: &str = "$argon2id$v=19$m=128,t=2,p=2$o+H33zkUxUlari35ngoilw$J7WWgf/Tq0tsyJouFPQKpbQR3LU1maLS98psOAj/Y58";
const SCRYPT: &str =
    "$scrypt$ln=4,r=8,p=1$AAECAwQFBgcICQoLDA0ODw$Q7EcH175P/kcU7JE2HRU+qTRrq/BS6UbCRYPdBaC5y8";
const BCRYPT_4: &str = "$2b$04$sGhm09/TsyNEuDHybyX/EuvwBFsx7lIj.J3KtM9Q1.nTDYcLJL86a";
const BCRYPT_5: &str = "$2b$05$ohbWhs6UCHzVBmzmIxeXZuW9GEDlVDM8DvCE5gTlZpYG98QQB39WK";

/// Hashes, and writes down what.
#[derive(Default)]
struct Counting {
    runs: Mutex<Vec<(Work, ThreadId)>>,
}

impl Counting {
    fn take(&self) -> Vec<(Work, ThreadId)> {
        core::mem::take(&mut *self.runs.lock().unwrap())
    }

    fn works(&self) -> Vec<Work> {
        self.take().into_iter().map(|(work, _)| work).collect()
    }
}

impl Hasher for Counting {
    fn hash(
        &self,
        work: Work,
        password: &[u8],
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), HashFailed> {
        self.runs
            .lock()
            .unwrap()
            .push((work, thread::current().id()));
        Algorithms::default().hash(work, password, salt, out)
    }
}

/// Says that it began, then waits until it is let go.
struct Waiting {
    began: Sender<()>,
    go: Mutex<Receiver<()>>,
}

/// The other end of [`Waiting`].
struct Hand {
    began: Receiver<()>,
    go: Sender<()>,
}

fn waiting() -> (Arc<dyn Hasher>, Hand) {
    let ((says, began), (go, waits)) = (channel(), channel());
    let hasher = Waiting {
        began: says,
        go: Mutex::new(waits),
    };
    (Arc::new(hasher), Hand { began, go })
}

impl Hand {
    fn until_one_begins(&self) {
        // A bound for a test that fails; it is not waited for otherwise.
        self.began.recv_timeout(Duration::from_secs(20)).unwrap();
    }

    fn none_has_begun(&self) -> bool {
        self.began.try_recv().is_err()
    }

    fn let_one_go(&self) {
        self.go.send(()).unwrap();
    }
}

impl Hasher for Waiting {
    fn hash(
        &self,
        work: Work,
        password: &[u8],
        salt: &[u8],
        out: &mut [u8],
    ) -> Result<(), HashFailed> {
        // Without a hand the test has failed: this must not keep its runtime from ending.
        let _ = self.began.send(());
        let go = self.go.lock().map_err(|_| HashFailed)?;
        go.recv().map_err(|_| HashFailed)?;
        Algorithms::default().hash(work, password, salt, out)
    }
}

struct Panicking;

impl Hasher for Panicking {
    fn hash(&self, _: Work, _: &[u8], _: &[u8], _: &mut [u8]) -> Result<(), HashFailed> {
        panic!("a hasher that panics");
    }
}

struct Failing;

impl Hasher for Failing {
    fn hash(&self, _: Work, _: &[u8], _: &[u8], _: &mut [u8]) -> Result<(), HashFailed> {
        Err(HashFailed)
    }
}

fn one_user() -> PasswordsBuilder<&'static str> {
    Passwords::builder().user("ada", ARGON2_64, "Ada").unwrap()
}

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
}

async fn verify(
    passwords: &Passwords<&'static str>,
    name: &str,
    password: &str,
) -> Result<&'static str, Cause> {
    let pair = format!("{name}:{password}");
    let value = base64::engine::general_purpose::STANDARD.encode(pair);
    present(passwords, &value).await
}

async fn present(passwords: &Passwords<&'static str>, value: &str) -> Result<&'static str, Cause> {
    let credentials = Basic::extract(value.as_bytes())?;
    let fields = HeaderMap::new();
    passwords
        .verify(credentials, &RequestView::new("GET", "/", &fields))
        .await
        .map(|verified| *verified.identity.get())
}

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

fn refused_at_once<T>(attempt: impl Future<Output = Result<T, Cause>>) -> bool {
    matches!(poll(pin!(attempt)), Poll::Ready(Err(cause)) if is_unavailable(&cause))
}

fn is_unavailable(cause: &Cause) -> bool {
    matches!(cause, Cause::Unavailable { .. })
}

// DD18, H-21, V18
#[test]
fn whoever_is_named_the_same_is_hashed_h21_v18() {
    let counting = Arc::new(Counting::default());
    let passwords = Passwords::builder()
        .user("cheap", BCRYPT_4, "cheap")
        .unwrap()
        .user("costly", ARGON2_128, "costly")
        .unwrap()
        .user("other", SCRYPT, "other")
        .unwrap()
        .user("same", BCRYPT_4, "same")
        .unwrap()
        .user("middle", BCRYPT_5, "middle")
        .unwrap()
        .disabled_user("gone", ARGON2_64)
        .unwrap()
        .hasher(Arc::clone(&counting) as Arc<dyn Hasher>)
        .build()
        .unwrap();
    let each: Vec<_> = passwords.users.works().collect();
    assert_eq!(each.len(), 5, "each kind once: {passwords:?}");

    let (long, longer) = ("x".repeat(73), "x".repeat(5000));
    let runtime = runtime();
    for (name, password, admitted) in [
        ("cheap", "correct horse", true),
        ("same", "correct horse", true),
        ("costly", "battery staple", true),
        ("other", "correct horse", true),
        ("middle", "correct horse", true),
        ("cheap", "wrong", false),
        ("costly", "correct horse", false),
        ("other", "", false),
        ("gone", "correct horse", false),
        ("gone", "wrong", false),
        ("nobody", "correct horse", false),
        ("nobody", "", false),
        ("", "", false),
        ("cheap", &long, false),
        ("costly", &long, false),
        ("nobody", &long, false),
        ("cheap", &longer, false),
        ("nobody", &longer, false),
        (&longer, "correct horse", false),
    ] {
        let answer = runtime.block_on(verify(&passwords, name, password));
        if admitted {
            assert_eq!(answer.as_ref(), Ok(&name));
        } else {
            assert_eq!(answer, Err(Cause::InvalidCredentials), "{name}");
        }
        assert_eq!(counting.works(), each, "{name}");
    }
}

#[test]
fn a_store_of_one_kind_costs_one_hash_v18() {
    let counting = Arc::new(Counting::default());
    let passwords = one_user()
        .user("bob", ARGON2_64, "Bob")
        .unwrap()
        .hasher(Arc::clone(&counting) as Arc<dyn Hasher>)
        .build()
        .unwrap();
    for name in ["ada", "bob", "nobody"] {
        let _ = runtime().block_on(verify(&passwords, name, "wrong"));
        assert_eq!(counting.works().len(), 1, "{name}");
    }
}

// Malformed credentials name nobody, so they need no equal work: `extract` refuses them, and without
// it there is no `BasicCredentials` to verify.
#[test]
fn malformed_credentials_cost_no_hash_v18_b8() {
    let counting = Arc::new(Counting::default());
    let passwords = one_user()
        .hasher(Arc::clone(&counting) as Arc<dyn Hasher>)
        .build()
        .unwrap();
    let runtime = runtime();
    for value in [
        "",
        "=",
        "bm8gY29sb24=",
        "dTpwCg==",
        "dTpwdw",
        "dTpw dTpw",
        "dTp_",
        "\u{e9}",
    ] {
        let answer = runtime.block_on(present(&passwords, value));
        assert_eq!(answer, Err(Cause::Malformed), "{value}");
        assert_eq!(counting.works().len(), 0, "{value}");
    }
    // u:p
    let answer = runtime.block_on(present(&passwords, "dTpw"));
    assert_eq!(answer, Err(Cause::InvalidCredentials));
    assert_eq!(counting.works().len(), 1);
}

/// Of users with the same and with other works; no dummy lets anybody in.
#[test]
fn a_password_admits_its_own_user_only() {
    let passwords = Passwords::builder()
        .user("ada", ARGON2_64, "Ada")
        .unwrap()
        .user("bob", ARGON2_128, "Bob")
        .unwrap()
        .user("eve", OPEN_SESAME, "Eve")
        .unwrap()
        .build()
        .unwrap();
    let runtime = runtime();
    for (name, password) in [
        ("ada", "battery staple"),
        ("ada", "open sesame"),
        ("bob", "correct horse"),
        ("eve", "correct horse"),
        ("nobody", "correct horse"),
    ] {
        assert_eq!(
            runtime.block_on(verify(&passwords, name, password)),
            Err(Cause::InvalidCredentials)
        );
    }
}

#[test]
fn no_async_thread_hashes() {
    let counting = Arc::new(Counting::default());
    let passwords = one_user()
        .hasher(Arc::clone(&counting) as Arc<dyn Hasher>)
        .build()
        .unwrap();
    assert_eq!(
        runtime().block_on(verify(&passwords, "ada", "correct horse")),
        Ok("Ada")
    );
    let runs = counting.take();
    assert_eq!(runs.len(), 1);
    assert!(
        runs.iter()
            .all(|(_, thread)| *thread != thread::current().id())
    );
}

#[test]
fn a_full_queue_is_no_wrong_password() {
    let runtime = runtime();
    let (hasher, hand) = waiting();
    let passwords = one_user()
        .hasher(hasher)
        .workers(1)
        .queue(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut first = pin!(verify(&passwords, "ada", "correct horse"));
        let mut second = pin!(verify(&passwords, "ada", "wrong"));
        assert!(poll(first.as_mut()).is_pending());
        hand.until_one_begins();
        assert!(poll(second.as_mut()).is_pending());

        // One runs and one waits: there is no place for a third, whoever asks.
        for (name, password) in [("ada", "correct horse"), ("nobody", "x")] {
            assert!(refused_at_once(verify(&passwords, name, password)));
        }
        assert!(hand.none_has_begun(), "the second began beside the first");

        hand.let_one_go();
        assert_eq!(first.await, Ok("Ada"));
        hand.let_one_go();
        assert_eq!(second.await, Err(Cause::InvalidCredentials));

        // Both places are free again.
        hand.let_one_go();
        assert_eq!(verify(&passwords, "ada", "correct horse").await, Ok("Ada"));
    });
}

#[test]
fn who_goes_away_frees_the_queue_but_not_a_busy_worker() {
    let runtime = runtime();
    let (hasher, hand) = waiting();
    let passwords = one_user()
        .hasher(hasher)
        .workers(1)
        .queue(1)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut first = Box::pin(verify(&passwords, "ada", "correct horse"));
        assert!(poll(first.as_mut()).is_pending());
        hand.until_one_begins();
        // The one that hashes has gone: its hash runs on, and its place stays taken.
        drop(first);
        let mut second = Box::pin(verify(&passwords, "ada", "correct horse"));
        assert!(poll(second.as_mut()).is_pending());
        assert!(refused_at_once(verify(&passwords, "ada", "correct horse")));
        // The one that waited has gone: another may wait.
        drop(second);
        let mut fourth = Box::pin(verify(&passwords, "ada", "correct horse"));
        assert!(poll(fourth.as_mut()).is_pending());
        assert!(hand.none_has_begun(), "two hashes at a time");
        hand.let_one_go();
        hand.let_one_go();
        assert_eq!(fourth.await, Ok("Ada"));
    });
}

#[test]
fn workers_hash_side_by_side() {
    let runtime = runtime();
    let (hasher, hand) = waiting();
    let passwords = one_user()
        .hasher(hasher)
        .workers(2)
        .queue(0)
        .build()
        .unwrap();
    runtime.block_on(async {
        let mut first = pin!(verify(&passwords, "ada", "correct horse"));
        let mut second = pin!(verify(&passwords, "ada", "correct horse"));
        assert!(poll(first.as_mut()).is_pending());
        assert!(poll(second.as_mut()).is_pending());
        hand.until_one_begins();
        hand.until_one_begins();
        hand.let_one_go();
        hand.let_one_go();
        assert_eq!(first.await, Ok("Ada"));
        assert_eq!(second.await, Ok("Ada"));
    });
}

#[test]
fn a_hash_that_panics_or_fails_is_no_wrong_password() {
    let hashers: [(Arc<dyn Hasher>, _); 2] = [
        (Arc::new(Panicking), "password hashing panicked"),
        (Arc::new(Failing), "a password hash failed"),
    ];
    for (hasher, told) in hashers {
        let passwords = one_user()
            .hasher(hasher)
            .workers(1)
            .queue(0)
            .build()
            .unwrap();
        let runtime = runtime();
        // Twice: the worker comes back.
        for _ in 0..2 {
            let cause = runtime
                .block_on(verify(&passwords, "ada", "correct horse"))
                .unwrap_err();
            assert!(is_unavailable(&cause), "{cause:?}");
            assert!(cause.to_string().contains(told), "{cause}");
        }
    }
}

#[test]
fn a_runtime_that_shuts_down_is_no_wrong_password() {
    let passwords = one_user().build().unwrap();
    let runtime = runtime();
    let handle = runtime.handle().clone();
    runtime.shutdown_background();
    let _entered = handle.enter();
    let mut attempt = pin!(verify(&passwords, "ada", "correct horse"));
    match poll(attempt.as_mut()) {
        Poll::Ready(Err(cause)) => assert!(is_unavailable(&cause), "{cause:?}"),
        other => panic!("{other:?}"),
    }
}

#[test]
fn outside_a_runtime_nothing_panics() {
    let passwords = one_user().build().unwrap();
    let mut attempt = pin!(verify(&passwords, "ada", "correct horse"));
    match poll(attempt.as_mut()) {
        Poll::Ready(Err(Cause::NotConfigured(detail))) => {
            assert!(detail.to_string().contains("tokio"), "{detail}");
        }
        other => panic!("{other:?}"),
    }
}
