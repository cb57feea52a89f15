//! The store of revocations as an application meets it: behind a verifier, and when its process is killed.
#![cfg(feature = "revocation-store")]
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    missing_docs
)]

use std::env;
use std::io::{BufRead, BufReader, Write};
use std::process::{Child, Command, Stdio};

use auth_core::store::{Revocations, RevocationsError};
use auth_core::{RevocationCheck, TokenFacts};

const ISS: &str = "https://login.example.com";
/// In the year 2096.
const LATER: u64 = 4_000_000_000;
const PATH: &str = "AUTH_CORE_TEST_STORE";

fn knows(revocations: &Revocations, jti: &str) -> bool {
    let token = TokenFacts::new(ISS).with_jti(jti);
    let mut answer = std::pin::pin!(revocations.is_revoked(&token).answer());
    let mut cx = std::task::Context::from_waker(std::task::Waker::noop());
    match answer.as_mut().poll(&mut cx) {
        std::task::Poll::Ready(revoked) => revoked.unwrap(),
        std::task::Poll::Pending => panic!("the store answers from memory"),
    }
}

/// Runs `child_that_revokes` in a process of its own.
fn child(path: &std::path::Path) -> Child {
    Command::new(env::current_exe().unwrap())
        .args(["--exact", "child_that_revokes", "--nocapture", "--ignored"])
        .env(PATH, path)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .unwrap()
}

/// The numbers that the child has said to be revoked.
fn confirmed(child: &mut Child) -> impl Iterator<Item = u64> + use<> {
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    lines.filter_map(|line| line.unwrap().strip_prefix("revoked ")?.parse().ok())
}

#[test]
#[ignore = "the other process of the tests below"]
fn child_that_revokes() {
    let path = env::var_os(PATH).expect("run by another test");
    let revocations = Revocations::open(path).unwrap();
    for n in revocations.len() as u64.. {
        revocations
            .revoke_token(ISS, &n.to_string(), LATER)
            .unwrap();
        println!("revoked {n}");
        std::io::stdout().flush().unwrap();
    }
}

#[test]
fn what_was_confirmed_survives_kill_9_and_a_restart() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revocations");
    drop(Revocations::create(&path).unwrap());
    let mut last = 0;
    for round in 1..=4 {
        let mut child = child(&path);
        // It is killed while it goes on.
        let wanted = last + 3 * round;
        last = confirmed(&mut child).find(|n| *n >= wanted).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        let again = Revocations::open(&path).unwrap();
        assert!((0..=last).all(|n| knows(&again, &n.to_string())), "{last}");
        assert!(!knows(&again, "unheard of"));
        last = again.len() as u64;
    }
}

#[test]
fn two_processes_do_not_open_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revocations");
    drop(Revocations::create(&path).unwrap());
    let mut child = child(&path);
    confirmed(&mut child).next().unwrap();
    let second = Revocations::open(&path).unwrap_err();
    assert!(
        matches!(&second, RevocationsError::InUse(at) if *at == path),
        "{second:?}"
    );
    assert!(second.to_string().contains("one process at a time"));
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(knows(&Revocations::open(&path).unwrap(), "0"));
}
