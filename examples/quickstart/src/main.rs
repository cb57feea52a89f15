//! A small API with every kind of protection.
//!
//! ```text
//! cargo run -p quickstart
//! ```
//!
//! prints `curl` lines with credentials made for this run, one for each interesting case; paste them
//! into another terminal. It listens on 127.0.0.1:8080; `PORT=3000 cargo run -p quickstart` takes
//! another port, `PORT=0` a free one. Ctrl-C stops it. Standard error shows each decision.
//!
//! Read `handlers.rs` first. `demo.rs` makes the verifiers, and credentials for them.

mod demo;
mod handlers;

use std::env;
use std::error::Error;
use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

use auth_core::axum::{GuardedRouter, get};
use auth_core::{ApiKeys, AuthState, JwtVerifier, Passwords, Settings};
use handlers::{Claims, KeyOwner, User};
use tokio::net::TcpListener;

/// Who checks what. A handler whose verifier is missing here does not compile.
#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
    #[auth(Basic)]
    users: Passwords<User>,
    #[auth(ApiKey)]
    keys: ApiKeys<KeyOwner>,
    #[auth(settings)]
    settings: Settings,
}

/// Takes only handlers with a decision.
fn router() -> GuardedRouter<Arc<App>> {
    GuardedRouter::new()
        .route("/orders", get(handlers::orders))
        .route("/admin", get(handlers::admin))
        .route("/data", get(handlers::data))
        .route("/either", get(handlers::either))
        .route("/greeting", get(handlers::greeting))
        .route("/listed", get(handlers::listed))
        .route("/stock", get(handlers::stock))
        .route("/pages/{name}", get(handlers::page))
        .route("/transfer", get(handlers::transfer))
        .route("/both", get(handlers::both))
        .route("/health", get(handlers::health))
        .route("/api/users/me", get(handlers::me))
        .route("/api/protected", get(handlers::protected))
        .route("/api/data", get(handlers::api_data))
}

#[tokio::main]
async fn main() -> ExitCode {
    // auth_core tells each decision, and never a credential.
    tracing_subscriber::fmt()
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .init();
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<(), Box<dyn Error>> {
    let port = port()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| {
            format!(
                "cannot listen on 127.0.0.1:{port}: {error}; \
                 set PORT to another port, such as `PORT=3000`"
            )
        })?;
    let origin = format!("http://{}", listener.local_addr()?);
    let (app, demo) = demo::app()?;
    let router = router();
    for endpoint in router.endpoints() {
        writeln!(stdout(), "{endpoint}")?;
    }
    let lines = demo.curl_lines(&origin);
    writeln!(stdout(), "{lines}listening on {origin}")?;
    let router = router.with_state(Arc::new(app)).into_router();

    // `axum::serve` waits for slow clients without end: a real service puts a proxy with time limits in front.
    let server = axum::serve(listener, router).with_graceful_shutdown(told_to_stop());
    tokio::select! {
        served = server => served?,
        () = out_of_patience() => {}
    }
    tracing::info!("stopped");
    Ok(())
}

fn port() -> Result<u16, String> {
    let port = match env::var("PORT") {
        Err(env::VarError::NotPresent) => return Ok(8080),
        // What is not Unicode is no number either.
        port => port.unwrap_or_default(),
    };
    port.parse()
        .map_err(|_| format!("PORT is {port:?}: set it to a number from 0 to 65535"))
}

/// Requests that are under way may end; one that stays half sent does not hold the end up.
async fn out_of_patience() {
    told_to_stop().await;
    tokio::time::sleep(Duration::from_secs(3)).await;
}

/// Ctrl-C, or what `kill` and service managers send.
async fn told_to_stop() {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        if let Ok(mut terminated) = signal(SignalKind::terminate()) {
            tokio::select! {
                _ = terminated.recv() => {}
                _ = tokio::signal::ctrl_c() => {}
            }
            return;
        }
    }
    let _ = tokio::signal::ctrl_c().await;
}
