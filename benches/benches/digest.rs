//! `cargo bench --bench digest [-- FILTER]` prints the tables of the README: what Digest costs, how much memory, and how
//! it goes on with threads.

#![allow(clippy::cast_precision_loss, reason = "a few digits are shown")]

use std::cell::Cell;
use std::future::Future;
use std::hint::black_box;
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::{Context, Poll, Waker};
use std::time::Instant;
use std::{fs, thread};

use auth_benches::allocations::{Counting, in_use};
use auth_benches::digest::{self, ALGORITHMS, App, Client};
use auth_benches::measure::{Figure, Variant, interleaved, median};
use auth_benches::request::answer;
use auth_core::DigestAlgorithm;
use auth_core::digest::{CountAnswer, MemoryNonceCounts, NonceCounts as _, NonceId, NonceUse};
use axum::Router;
use bytes::Bytes;
use http::{HeaderValue, StatusCode};

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// Rounds of interleaved stretches; each figure is a median over so many.
const ROUNDS: usize = 201;

/// Credentials that are good for one request each, more than any stretch of all rounds takes.
const PREPARED: u32 = 25_000;

/// Sizes of the store.
const LIVE: [usize; 3] = [1, 10_000, 1_000_000];

fn main() {
    // Cargo itself appends `--bench`.
    let filters: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let groups: [(&str, fn()); 7] = [
        ("memory", memory),
        ("flood", flood),
        ("refused", refused),
        ("algorithms", algorithms),
        ("live nonces", live_nonces),
        ("content", content),
        ("threads", threads),
    ];
    for (name, group) in groups {
        if filters.is_empty() || filters.iter().any(|filter| name.contains(filter)) {
            println!("\n### {name}\n");
            group();
        }
    }
}

/// Octets for each nonce that is in use.
fn memory() {
    println!("| nonces in use | octets each | with a session algorithm | resident, each |");
    println!("| ---: | ---: | ---: | ---: |");
    for live in LIVE {
        let [plain, session] =
            [None, Some("0a4f113b0a4f113b0a4f113b0a4f113b0a4f113b")].map(|cnonce| {
                let (before, resident) = (in_use(), resident());
                let counts = MemoryNonceCounts::new(2 * live);
                counts.issued(0);
                for n in 0..live {
                    let random = (mixed(n as u64), mixed(!(n as u64)));
                    let random = [random.0.to_ne_bytes(), random.1.to_ne_bytes()].concat();
                    // Two hundred in a second.
                    let nonce = NonceId::new(5 * n as u64, random.try_into().expect("16"));
                    let mut used = NonceUse::new(nonce, 1, u64::MAX, 5 * n as u64);
                    if let Some(cnonce) = cnonce {
                        used = used.with_cnonce(cnonce);
                    }
                    assert_eq!(at_once(counts.record(used)), Ok(CountAnswer::Fresh));
                }
                assert_eq!(counts.len(), live);
                let octets = (in_use() - before) as f64;
                let resident = self::resident() as f64 - resident as f64;
                (octets / live as f64, resident / live as f64)
            });
        println!(
            "| {live} | {:.0} | {:.0} | {:.0} |",
            plain.0, session.0, plain.1
        );
    }
}

/// What is left behind by requests without credentials.
fn flood() {
    let app = digest::state(100_000);
    let router = digest::guarded(&app);
    let refuse = |times: u32| {
        for _ in 0..times {
            let request = digest::request("/sha-256", &Bytes::new());
            let status = answer(&router, request).status();
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }
    };
    refuse(1000);
    let (before, before_resident) = (in_use(), resident());
    let start = Instant::now();
    refuse(1_000_000);
    let seconds = start.elapsed().as_secs_f64();
    println!("| | before | after 1,000,000 challenges |\n| --- | ---: | ---: |");
    println!("| octets in use | {before} | {} |", in_use());
    println!("| octets resident | {before_resident} | {} |", resident());
    println!("\n{seconds:.1} s");
}

fn refused() {
    let app = digest::state(100_000);
    let router = digest::guarded(&app);
    let open = digest::unguarded(&app);
    let nothing = Bytes::new();
    let client = || Client::new(&router, DigestAlgorithm::Sha256, "/sha-256", &nothing);
    let used = client().next();
    assert_eq!(answer(&router, with(&used)).status(), StatusCode::OK);
    let bare = client().bare();
    let alone = digest::request("/sha-256", &nothing);
    let cases = [
        ("wrong digest", client().with_password("Hakuna").next()),
        ("unknown user", client().with_user("Scar").next()),
        ("replay", used),
        (
            "nonce of another",
            client().with_nonce(&digest::bare_nonce()).next(),
        ),
        ("not well formed", HeaderValue::from_static("Digest x")),
    ];
    let mut variants = vec![
        once("unguarded", &open, "/sha-256", StatusCode::OK),
        once("challenge", &router, "/sha-256", StatusCode::UNAUTHORIZED),
        once("challenge, MD5", &router, "/md5", StatusCode::UNAUTHORIZED),
        once("two challenges", &router, "/two", StatusCode::UNAUTHORIZED),
    ];
    for (name, credentials) in &cases {
        let status = if *name == "not well formed" {
            StatusCode::BAD_REQUEST
        } else {
            StatusCode::UNAUTHORIZED
        };
        assert_eq!(
            answer(&router, with(credentials)).status(),
            status,
            "{name}"
        );
        variants.push(Variant::new(*name, || {
            black_box(answer(&router, with(credentials)));
        }));
    }
    variants.push(Variant::new("challenge, alone", || {
        let refusal = digest::refuse(&app, &alone);
        black_box(refusal.into_response::<axum::body::Body>());
    }));
    for (name, credentials) in &cases {
        let request = with(credentials);
        let app: &App = &app;
        variants.push(Variant::new(format!("{name}, alone"), move || {
            let refusal = digest::refuse(app, &request);
            black_box(refusal.into_response::<axum::body::Body>());
        }));
    }
    variants.push(Variant::new("a nonce by hand", || {
        black_box(digest::bare_nonce());
    }));
    variants.push(Variant::new("its randomness alone", || {
        let mut random = [0; 16];
        getrandom::fill(&mut random).expect("randomness");
        black_box(random);
    }));
    variants.push(Variant::new("`response` by hand", || {
        black_box(bare.response());
    }));
    print(&interleaved(&mut variants, ROUNDS));
}

fn algorithms() {
    let app = digest::state(100_000);
    let [router, without] = [digest::guarded(&app), digest::without_info(&app)];
    let open = digest::unguarded(&app);
    let nothing = Bytes::new();
    let prepare = |algorithm, path| {
        let mut client = Client::new(&router, algorithm, path, &nothing);
        Prepared::new(|| client.next())
    };
    let free = prepare(DigestAlgorithm::Sha256, "/sha-256");
    let other = prepare(DigestAlgorithm::Sha256, "/sha-256");
    let each = ALGORITHMS.map(|(algorithm, path)| (algorithm, path, prepare(algorithm, path)));
    let bare = ALGORITHMS.map(|(algorithm, path)| {
        let bare = Client::new(&router, algorithm, path, &nothing).bare();
        (algorithm.name(), bare)
    });
    let mut variants = vec![Variant::new("unguarded", || {
        black_box(answer(&open, with(free.any())));
    })];
    for (algorithm, path, prepared) in &each {
        let router = &router;
        let nothing = &nothing;
        variants.push(Variant::new(algorithm.name(), move || {
            let request = digest::with_credentials(path, nothing, prepared.next());
            assert_eq!(answer(router, request).status(), StatusCode::OK);
        }));
    }
    variants.push(Variant::new("SHA-256 without Authentication-Info", || {
        assert_eq!(
            answer(&without, with(other.next())).status(),
            StatusCode::OK
        );
    }));
    for (name, bare) in &bare {
        variants.push(Variant::new(format!("{name}, `response` by hand"), || {
            black_box(bare.response());
        }));
        variants.push(Variant::new(format!("{name}, all hashes by hand"), || {
            black_box(bare.all());
        }));
    }
    print(&interleaved(&mut variants, ROUNDS));
}

/// Each request with a nonce that is chosen at random among all of them.
fn live_nonces() {
    let sizes = LIVE.map(|live| {
        let app = digest::state(2_000_000);
        let router = digest::guarded(&app);
        let nothing = Bytes::new();
        let mut clients: Vec<Client> = (0..live)
            .map(|_| Client::new(&router, DigestAlgorithm::Sha256, "/sha-256", &nothing))
            .collect();
        for client in &mut clients {
            let status = answer(&router, client.request()).status();
            assert_eq!(status, StatusCode::OK);
        }
        let mut next = 0;
        let mut prepare = || {
            Prepared::new(|| {
                next += 1;
                let at = mixed(next) % live as u64;
                clients[usize::try_from(at).expect("small")].next()
            })
        };
        let replayed = prepare();
        for credentials in &replayed.credentials {
            let status = answer(&router, with(credentials)).status();
            assert_eq!(status, StatusCode::OK);
        }
        // Later counts, since those before are too late by now.
        let admitted = prepare();
        (live, app, router, admitted, replayed)
    });
    let open = digest::unguarded(&sizes[0].1);
    let mut variants = vec![Variant::new("unguarded", || {
        black_box(answer(&open, with(sizes[0].3.any())));
    })];
    for (live, _, router, admitted, replayed) in &sizes {
        variants.push(Variant::new(format!("challenge, {live}"), || {
            let request = digest::request("/sha-256", &Bytes::new());
            let status = answer(router, request).status();
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }));
        variants.push(Variant::new(format!("admitted, {live}"), || {
            let status = answer(router, with(admitted.next())).status();
            assert_eq!(status, StatusCode::OK);
        }));
        variants.push(Variant::new(format!("replay, {live}"), || {
            let status = answer(router, with(replayed.any())).status();
            assert_eq!(status, StatusCode::UNAUTHORIZED);
        }));
    }
    print(&interleaved(&mut variants, ROUNDS));
}

/// `auth-int`.
fn content() {
    let app = digest::state(100_000);
    let router = digest::guarded(&app);
    let open = digest::unguarded(&app);
    for (name, octets) in [("1 KiB", 1024), ("1 MiB", 1 << 20)] {
        let content = Bytes::from(vec![b'x'; octets]);
        let mut client = Client::new(&router, DigestAlgorithm::Sha256, "/content", &content);
        let bare = client.bare();
        // The digest over a megabyte takes its time, for the client as well.
        let (count, rounds) = if octets > 1024 {
            (1000, 101)
        } else {
            (PREPARED, ROUNDS)
        };
        let prepared = Prepared::of(count, || client.next());
        let mut variants = vec![
            Variant::new(format!("unguarded, {name}"), || {
                let request = digest::with_credentials("/content", &content, prepared.any());
                assert_eq!(answer(&open, request).status(), StatusCode::OK);
            }),
            Variant::new(format!("auth-int, {name}"), || {
                let request = digest::with_credentials("/content", &content, prepared.next());
                assert_eq!(answer(&router, request).status(), StatusCode::OK);
            }),
            Variant::new(format!("`response` by hand, {name}"), || {
                black_box(bare.response());
            }),
            Variant::new(format!("all hashes by hand, {name}"), || {
                black_box(bare.all());
            }),
        ];
        print(&interleaved(&mut variants, rounds));
        println!();
    }
}

/// How many requests are admitted in a second.
fn threads() {
    const ROUNDS: usize = 15;
    const EACH: usize = 10_000;
    let app = digest::state(100_000);
    let router = digest::guarded(&app);
    let nothing = Bytes::new();
    let client = || Client::new(&router, DigestAlgorithm::Sha256, "/sha-256", &nothing);
    let requests =
        |client: &mut Client| -> Vec<HeaderValue> { (0..EACH).map(|_| client.next()).collect() };
    let run = |threads: usize, nonces: &[Vec<HeaderValue>]| -> (f64, usize) {
        let start = Instant::now();
        let refused = AtomicUsize::new(0);
        let next: Vec<AtomicUsize> = nonces.iter().map(|_| AtomicUsize::new(0)).collect();
        thread::scope(|scope| {
            for thread in 0..threads {
                let at = thread % nonces.len();
                let (nonce, next, refused) = (&nonces[at], &next[at], &refused);
                let router = router.clone();
                scope.spawn(move || {
                    // Threads that share a nonce take its counts in turn, as the connections of a browser do.
                    while let Some(credentials) = nonce.get(next.fetch_add(1, Ordering::Relaxed)) {
                        if answer(&router, with(credentials)).status() != StatusCode::OK {
                            refused.fetch_add(1, Ordering::Relaxed);
                        }
                    }
                });
            }
        });
        let refused = refused.into_inner();
        let all = nonces.iter().map(Vec::len).sum::<usize>() - refused;
        (all as f64 / start.elapsed().as_secs_f64(), refused)
    };
    let mut found = [const { Vec::new() }; 3];
    for _ in 0..ROUNDS {
        for (samples, (threads, nonces)) in found.iter_mut().zip([(1, 1), (2, 2), (2, 1)]) {
            let nonces: Vec<_> = (0..nonces).map(|_| requests(&mut client())).collect();
            samples.push(run(threads, &nonces));
        }
    }
    println!(
        "| | admitted in a second | of one thread | late by more than 127, of {} |",
        ROUNDS * EACH
    );
    println!("| --- | ---: | ---: | ---: |");
    let one: Vec<f64> = found[0].iter().map(|(rate, _)| *rate).collect();
    for (name, samples) in [
        "one thread",
        "two threads, a nonce each",
        "two threads, one nonce",
    ]
    .into_iter()
    .zip(&found)
    {
        let rate = median(samples.iter().map(|(rate, _)| *rate));
        let share = median(samples.iter().zip(&one).map(|((rate, _), one)| rate / one));
        let refused: usize = samples.iter().map(|(_, refused)| refused).sum();
        println!("| {name} | {rate:.0} | {share:.2} | {refused} |");
    }
}

/// Credentials, each of them good for one request.
struct Prepared {
    credentials: Vec<HeaderValue>,
    next: Cell<usize>,
    again: Cell<usize>,
}

impl Prepared {
    fn new(next: impl FnMut() -> HeaderValue) -> Self {
        Self::of(PREPARED, next)
    }

    fn of(count: u32, mut next: impl FnMut() -> HeaderValue) -> Self {
        Self {
            credentials: (0..count).map(|_| next()).collect(),
            next: Cell::new(0),
            again: Cell::new(0),
        }
    }

    fn next(&self) -> &HeaderValue {
        let next = self.next.get();
        self.next.set(next + 1);
        self.credentials.get(next).expect("enough were prepared")
    }

    /// For those who do not mind that they come again.
    fn any(&self) -> &HeaderValue {
        let again = self.again.get();
        self.again.set(again + 1);
        &self.credentials[again % self.credentials.len()]
    }
}

fn with(credentials: &HeaderValue) -> http::Request<axum::body::Body> {
    digest::with_credentials("/sha-256", &Bytes::new(), credentials)
}

/// A request without credentials.
fn once<'a>(
    name: &'a str,
    router: &'a Router,
    path: &'static str,
    status: StatusCode,
) -> Variant<'a> {
    let request = move || digest::request(path, &Bytes::new());
    assert_eq!(answer(router, request()).status(), status, "{name}");
    Variant::new(name, move || {
        black_box(answer(router, request()));
    })
}

fn print(figures: &[Figure]) {
    println!("| | ns | ns above the first | allocations | above the first |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    let first = figures[0].allocations;
    for figure in figures {
        println!(
            "| {} | {:.0} | {:+.0} | {} | {:+} |",
            figure.name,
            figure.nanoseconds,
            figure.above_first,
            figure.allocations,
            figure.allocations.cast_signed() - first.cast_signed(),
        );
    }
}

fn at_once<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => unreachable!("the store answers from memory"),
    }
}

/// The finaliser of `SplitMix64`.
fn mixed(n: u64) -> u64 {
    let n = n.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let n = (n ^ (n >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let n = (n ^ (n >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    n ^ (n >> 31)
}

/// Octets of this process that are in memory.
fn resident() -> u64 {
    let status = fs::read_to_string("/proc/self/status").expect("Linux");
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let kib = line.expect("a line").trim().trim_end_matches(" kB");
    kib.trim().parse::<u64>().expect("a number") * 1024
}
