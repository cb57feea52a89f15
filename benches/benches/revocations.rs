//! The store of revocations: how long it takes to fill, open and ask, and how much memory it takes.
//!
//! Each size is measured in a process of its own: `cargo bench --locked --bench revocations [-- <entries> …]`.

#![allow(clippy::unwrap_used, clippy::print_stdout, missing_docs)]

use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::process::Command;
use std::task::{Context, Poll, Waker};
use std::time::Instant;
use std::{env, fs};

use auth_core::store::{Revocations, Revoked};
use auth_core::{RevocationCheck, TokenFacts};

const ISSUER: &str = "https://login.example.com/realms/shop";
const CHILD: &str = "REVOCATIONS_BENCH";
const SIZES: [u64; 4] = [10_000, 100_000, 1_000_000, 10_000_000];
const LOOKUPS: u64 = 200_000;
const ROUNDS: usize = 7;

fn main() {
    if let Ok(task) = env::var(CHILD) {
        let (task, entries) = task.split_once(' ').unwrap();
        return measure(task, entries.parse().unwrap());
    }
    let asked: Vec<u64> = env::args().filter_map(|arg| arg.parse().ok()).collect();
    println!(
        "| entries | load, s | memory at most, MiB | file, MiB | open, s | memory at most, MiB | miss, ns | hit, ns | with 1,000 subjects: miss, ns |"
    );
    println!("| ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for entries in if asked.is_empty() {
        SIZES.to_vec()
    } else {
        asked
    } {
        let _ = fs::remove_file(path(entries));
        let loaded = run("load", entries);
        let opened = run("open", entries);
        println!("| {entries} | {loaded} | {opened} |");
        fs::remove_file(path(entries)).unwrap();
    }
}

fn path(entries: u64) -> std::path::PathBuf {
    env::temp_dir().join(format!("revocations-{entries}"))
}

fn run(task: &str, entries: u64) -> String {
    let me = env::current_exe().unwrap();
    let output = Command::new(me)
        .env(CHILD, format!("{task} {entries}"))
        .output()
        .unwrap();
    assert!(
        output.status.success(),
        "{}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).unwrap().trim().to_owned()
}

fn measure(task: &str, entries: u64) {
    let start = Instant::now();
    if task == "load" {
        let revocations = Revocations::create(path(entries)).unwrap();
        revocations.load((0..entries).map(entry)).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(revocations.len() as u64, entries);
        drop(revocations);
        let file = fs::metadata(path(entries)).unwrap().len() >> 20;
        println!("{seconds:.2} | {} | {file}", most_memory());
    } else {
        let builder = Revocations::builder().with_max_entries(20_000_000);
        let revocations = builder.open(path(entries)).unwrap();
        let seconds = start.elapsed().as_secs_f64();
        assert_eq!(revocations.len() as u64, entries);
        let memory = most_memory();
        let miss = lookup(&revocations, entries..2 * entries, false);
        let hit = lookup(&revocations, 0..entries, true);
        let subjects =
            (0..1000).map(|n| Revoked::subject(ISSUER, format!("user {n}"), 0, u64::MAX));
        revocations.load(subjects).unwrap();
        let ruled = lookup(&revocations, entries..2 * entries, false);
        println!("{seconds:.2} | {memory} | {miss:.0} | {hit:.0} | {ruled:.0}");
    }
}

/// Tokens of a day.
fn entry(n: u64) -> Revoked<'static> {
    Revoked::token(ISSUER, jti(n), 4_000_000_000 + mixed(n) % 86_400)
}

fn jti(n: u64) -> String {
    format!("{:016x}{:016x}", mixed(n), mixed(!n))
}

/// The finaliser of `SplitMix64`.
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// The median of some rounds, in nanoseconds for each.
fn lookup(revocations: &Revocations, among: std::ops::Range<u64>, revoked: bool) -> f64 {
    let span = among.end - among.start;
    let mut rounds: Vec<f64> = (0..ROUNDS as u64)
        .map(|round| {
            let tokens: Vec<TokenFacts> = (0..LOOKUPS)
                .map(|n| among.start + mixed(n + round * LOOKUPS) % span)
                .map(|n| {
                    TokenFacts::new(ISSUER)
                        .with_jti(jti(n))
                        .with_subject(format!("subject {n}"))
                        .with_client_id("web")
                        .with_issued_at(1)
                })
                .collect();
            let start = Instant::now();
            for token in &tokens {
                assert_eq!(
                    at_once(revocations.is_revoked(black_box(token)).answer()),
                    Ok(revoked)
                );
            }
            #[expect(clippy::cast_precision_loss, reason = "a few digits are shown")]
            let each = start.elapsed().as_nanos() as f64 / LOOKUPS as f64;
            each
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds[ROUNDS / 2]
}

fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the store answers from memory"),
    }
}

/// The most that was resident so far, in MiB.
fn most_memory() -> u64 {
    let status = fs::read_to_string("/proc/self/status").unwrap();
    let line = status
        .lines()
        .find_map(|line| line.strip_prefix("VmHWM:"))
        .unwrap();
    line.trim()
        .trim_end_matches(" kB")
        .trim()
        .parse::<u64>()
        .unwrap()
        >> 10
}
