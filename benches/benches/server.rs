//! `cargo bench --bench server` prints what the README tells of a flood of wrong passwords. With `-- --serve SERVER ALGORITHM`
//! it is a server for `throughput.py`; with `-- --repeat N SERVER/PATH` it answers N requests and measures nothing, for
//! `instructions.py`. All traffic stays on 127.0.0.1.

use std::hint::black_box;
use std::io::Read as _;
use std::net::SocketAddr;
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::time::{Duration, Instant};
use std::{io, thread};

use actix_web::HttpServer;
use auth_benches::frameworks::actix;
use auth_benches::loopback::{self, Client};
use auth_benches::measure::median;
use auth_benches::{app, jwt};
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
        ["--serve", server, algorithm] => serve(server, algorithm),
        ["--repeat", times, variant] => repeat(times, variant),
        ["--drive", server, times, path] => drive(
            server.parse().expect("an address"),
            times.parse().expect("a number"),
            path,
        ),
        _ => flood(),
    }
}

/// Serves until the standard input ends. The first line tells the address, the opaque token and the JWT.
fn serve(server: &str, algorithm: &str) {
    let case = jwt::cases(|name| name == algorithm).remove(0);
    let address = start(server, &case);
    println!("{address} {} {}", app::TOKEN, case.token);
    let _ = io::stdin().read_to_end(&mut Vec::new());
}

/// Starts a server on one thread.
fn start(server: &str, case: &jwt::Case) -> SocketAddr {
    let (app, _) = app::state();
    match server {
        "axum" => {
            let router = app::beside(&app).merge(case.beside());
            loopback::start(0, |listener| axum::serve(listener, router).into_future())
        }
        "jwt-authorizer" => {
            let router = case.beside_authorizer();
            loopback::start(0, |listener| axum07::serve(listener, router).into_future())
        }
        "actix" => {
            let (by_token, by_jwt) = (actix::by_token(&app), actix::by_jwt(case));
            let app = move || {
                let app = actix_web::App::new().configure(by_token.clone());
                app.configure(by_jwt.clone())
            };
            let (listener, address) = loopback::listener();
            thread::spawn(|| {
                let server = HttpServer::new(app).workers(1).listen(listener);
                actix_web::rt::System::new().block_on(server.expect("a server").run())
            });
            address
        }
        other => panic!("there is no server {other}"),
    }
}

/// Serves so many requests. The client is a process of its own, so that valgrind counts the server
/// alone.
fn repeat(times: &str, variant: &str) {
    let (server, path) = variant.split_once('/').expect("server/path");
    let server = start(server, &jwt::cases(|name| name == "HS256").remove(0));
    let client = Command::new(std::env::current_exe().expect("a path"))
        .args(["--drive", &server.to_string(), times, &format!("/{path}")])
        .status();
    assert!(client.expect("a client").success());
}

fn drive(server: SocketAddr, times: usize, path: &str) {
    let authorization = format!("Bearer {}", app::TOKEN);
    let mut client = Client::connect(server, path, &authorization, "200");
    (0..times).for_each(|_| client.exchange());
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
    let server = loopback::start(processors, |listener| {
        axum::serve(listener, router).into_future()
    });
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
