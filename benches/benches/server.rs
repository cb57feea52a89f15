//! `cargo bench --bench server [-- throughput | flood]` prints what the README tells of a server on
//! real sockets; with `-- --repeat N PATH` it answers N requests and measures nothing, for
//! `instructions.py`. All traffic stays on 127.0.0.1.

use std::hint::black_box;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use auth_benches::app;
use auth_benches::loopback::{Client, Server};
use auth_benches::measure::median;
use auth_core::{AuthState, Passwords, hash_password, requires_auth};
use axum::Router;
use axum::routing::get;

fn main() {
    // Cargo itself appends `--bench`.
    let arguments: Vec<String> = std::env::args()
        .skip(1)
        .filter(|argument| argument != "--bench")
        .collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments[..] {
        ["--repeat", times, path] => repeat(times, path),
        ["--drive", server, times, path] => drive(
            server.parse().expect("an address"),
            times.parse().expect("a number"),
            path,
        ),
        ["throughput"] => throughput(),
        ["flood"] => flood(),
        _ => {
            throughput();
            flood();
        }
    }
}

/// Rounds of throughput: one run of each path in each.
const PAIRS: usize = 20;
/// A run is so many slices; those of a round take turns.
const SLICES: usize = 10;
/// How long one slice is.
const SLICE: Duration = Duration::from_millis(30);
/// Connections of the client, with one request on each at a time. They keep the server busy.
const CONNECTIONS: usize = 32;

/// What is compared; the second line shows what the measurement itself is worth.
const PATHS: [(&str, &str); 4] = [
    ("unguarded", "/open"),
    ("unguarded again", "/open"),
    ("guarded", "/auth"),
    ("by hand", "/hand"),
];

/// What one run found.
#[derive(Clone, Copy, Default)]
struct Run {
    requests: f64,
    seconds: f64,
    /// Of the server, on the processor, in the kernel too; NaN where it is not known.
    processor: f64,
}

impl Run {
    fn per_second(&self) -> f64 {
        self.requests / self.seconds
    }

    fn processor_each(&self) -> f64 {
        self.processor / self.requests
    }
}

fn throughput() {
    let server = Server::start(app::beside(&app::state().0), 0);
    let mut clients = PATHS.map(|(_, path)| clients(server.address, path, CONNECTIONS));
    for clients in &mut clients {
        slice(&server, clients, &mut Run::default());
    }
    let mut rounds = [[Run::default(); PATHS.len()]; PAIRS];
    for round in &mut rounds {
        for turn in 0..SLICES {
            for step in 0..PATHS.len() {
                // Forwards and backwards, and each turn begins with another one.
                let step = if turn % 2 == 0 {
                    step
                } else {
                    PATHS.len() - 1 - step
                };
                let at = (turn / 2 + step) % PATHS.len();
                slice(&server, &mut clients[at], &mut round[at]);
            }
        }
    }
    println!("\n### throughput, {PAIRS} rounds\n");
    println!("| | requests/s | % of unguarded | quartiles | server's µs each | % of unguarded |");
    println!("| --- | ---: | ---: | :---: | ---: | ---: |");
    for (at, (name, _)) in PATHS.iter().enumerate() {
        let middle = |of: fn(&Run) -> f64| median(rounds.iter().map(|round| of(&round[at])));
        let ratios = |of: fn(&Run) -> f64| {
            let mut ratios = rounds.map(|round| 100.0 * of(&round[at]) / of(&round[0]));
            ratios.sort_by(f64::total_cmp);
            ratios
        };
        let speed = ratios(Run::per_second);
        println!(
            "| {name} | {:.0} | {:.1} | {:.1} to {:.1} | {:.2} | {:.1} |",
            middle(Run::per_second),
            speed[PAIRS / 2],
            speed[PAIRS / 4],
            speed[PAIRS * 3 / 4],
            middle(Run::processor_each) * 1e6,
            ratios(Run::processor_each)[PAIRS / 2],
        );
    }
}

fn clients(server: SocketAddr, path: &str, number: usize) -> Vec<Client> {
    let authorization = format!("Bearer {}", app::TOKEN);
    (0..number)
        .map(|_| Client::connect(server, path, &authorization, "200"))
        .collect()
}

fn slice(server: &Server, clients: &mut [Client], sum: &mut Run) {
    let mut requests = 0_u32;
    let before = server.processor_time();
    let start = Instant::now();
    clients.iter_mut().for_each(Client::send);
    while start.elapsed() < SLICE {
        for client in &mut *clients {
            client.receive();
            client.send();
            requests += 1;
        }
    }
    for client in &mut *clients {
        client.receive();
        requests += 1;
    }
    sum.seconds += start.elapsed().as_secs_f64();
    sum.requests += f64::from(requests);
    let used = before.zip(server.processor_time());
    sum.processor += used.map_or(f64::NAN, |(before, after)| {
        after.saturating_sub(before).as_secs_f64()
    });
}

/// Serves so many requests. The client is a process of its own, so that valgrind counts the server
/// alone.
fn repeat(times: &str, path: &str) {
    let server = Server::start(app::beside(&app::state().0), 0);
    let client = Command::new(std::env::current_exe().expect("a path"))
        .args(["--drive", &server.address.to_string(), times, path])
        .status();
    assert!(client.expect("a client").success());
}

fn drive(server: SocketAddr, times: usize, path: &str) {
    let mut clients = clients(server, path, 1);
    (0..times).for_each(|_| clients[0].exchange());
}

/// Rounds of the flood: one run of each kind in each.
const ROUNDS: usize = 15;
/// How long one run is.
const WATCH: Duration = Duration::from_millis(1200);
/// Between two requests to the other endpoint.
const PAUSE: Duration = Duration::from_micros(200);
/// Wrong logins under way at a time; fewer than the queue holds, so that each is hashed.
const LOGINS: usize = 16;

#[derive(Clone)]
struct User;

#[derive(AuthState)]
struct Accounts {
    #[auth(Basic)]
    passwords: Passwords<User>,
}

#[requires_auth(scheme = "Basic", realm = "Secured area")]
async fn login() -> &'static str {
    "in"
}

async fn health() -> &'static str {
    "ok"
}

fn flood() {
    let processors = thread::available_parallelism().map_or(1, usize::from);
    // What `Passwords` takes by itself.
    let workers = processors.saturating_sub(1).max(1);
    let hash = hash_password("correct horse battery staple").expect("a hash");
    let passwords = Passwords::builder()
        .user("ada", &hash, User)
        .and_then(|builder| builder.workers(workers).build());
    let accounts = Arc::new(Accounts {
        passwords: passwords.expect("a store"),
    });
    let router = Router::new()
        .route("/health", get(health))
        .route("/login", get(login))
        .with_state(accounts);
    let server = Server::start(router, processors).address;
    let refused = AtomicU32::new(0);
    let mut samples: [Vec<Watched>; 3] = Default::default();
    for round in 0..ROUNDS {
        for step in 0..samples.len() {
            let kind = (round + step) % samples.len();
            samples[kind].push(match kind {
                0 => watch(server, 0, |_| ()),
                1 => watch(server, workers, spin),
                _ => watch(server, LOGINS, |goes_on| guess(server, goes_on, &refused)),
            });
        }
    }
    print_flood(&samples, workers, refused.into_inner());
}

fn print_flood(samples: &[Vec<Watched>; 3], workers: usize, refused: u32) {
    let [_, spinning, flooded] = samples;
    println!("\n### flood: {LOGINS} wrong logins at a time, workers: {workers}, {ROUNDS} rounds\n");
    println!("| | /health, each | p50, µs | p99, µs | p99.9, µs |");
    println!("| --- | ---: | ---: | ---: | ---: |");
    for (name, watched) in ["nothing else", "spinning threads", "wrong logins"]
        .iter()
        .zip(samples)
    {
        println!(
            "| {name} | {:.0} | {:.0} | {:.0} | {:.0} |",
            median(watched.iter().map(|one| one.requests)),
            median(watched.iter().map(|one| one.p50)),
            median(watched.iter().map(|one| one.p99)),
            median(watched.iter().map(|one| one.p999)),
        );
    }
    let mut ratios: Vec<f64> = flooded
        .iter()
        .zip(spinning)
        .map(|(flooded, spinning)| flooded.p99 / spinning.p99)
        .collect();
    ratios.sort_by(f64::total_cmp);
    #[expect(clippy::cast_precision_loss, reason = "a small number")]
    let seconds = WATCH.as_secs_f64() * ROUNDS as f64;
    println!(
        "\np99 under wrong logins, times that under spinning threads: median {:.2}, quartiles {:.2} and {:.2}; {:.0} logins refused a second",
        ratios[ROUNDS / 2],
        ratios[ROUNDS / 4],
        ratios[ROUNDS * 3 / 4],
        f64::from(refused) / seconds,
    );
}

/// How the other endpoint did: microseconds.
struct Watched {
    requests: f64,
    p50: f64,
    p99: f64,
    p999: f64,
}

/// Asks for /health again and again while so many threads do the other work.
fn watch(server: SocketAddr, threads: usize, work: impl Fn(&AtomicBool) + Sync) -> Watched {
    let goes_on = AtomicBool::new(true);
    let mut times = thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| work(&goes_on));
        }
        let mut client = Client::connect(server, "/health", "none", "200");
        // The work is under way before anything is measured.
        let warm = Instant::now() + WATCH / 10;
        let end = warm + WATCH;
        let mut times = Vec::new();
        loop {
            thread::sleep(PAUSE);
            let start = Instant::now();
            client.exchange();
            if start >= end {
                break;
            }
            if start >= warm {
                times.push(start.elapsed().as_secs_f64() * 1e6);
            }
        }
        goes_on.store(false, Ordering::Relaxed);
        times
    });
    times.sort_by(f64::total_cmp);
    let of_thousand = |part: usize| times[times.len() * part / 1000];
    Watched {
        #[expect(clippy::cast_precision_loss, reason = "some thousands")]
        requests: times.len() as f64,
        p50: of_thousand(500),
        p99: of_thousand(990),
        p999: of_thousand(999),
    }
}

fn spin(goes_on: &AtomicBool) {
    let mut turns = 0_u64;
    while goes_on.load(Ordering::Relaxed) {
        turns = black_box(turns.wrapping_add(1));
    }
}

/// One guess after the other, each answered 401.
fn guess(server: SocketAddr, goes_on: &AtomicBool, refused: &AtomicU32) {
    // ada:wrong
    let mut client = Client::connect(server, "/login", "Basic YWRhOndyb25n", "401");
    while goes_on.load(Ordering::Relaxed) {
        client.exchange();
        refused.fetch_add(1, Ordering::Relaxed);
    }
}
