//! Users in an htdigest file, checked with Digest.
//!
//! ```text
//! cargo run -p digest-example
//! ```
//!
//! prints `curl` lines, and an address for a browser. The password of `Mufasa` is `Circle of Life`. It listens on
//! 127.0.0.1:8080. Standard error shows each decision.
//!
//! | variable | |
//! | --- | --- |
//! | `PORT` | another port, 0 for a free one |
//! | `USERS` | the file with the users, which is read again when the program gets SIGHUP |
//! | `NONCE_SECRET_FILE` | 32 random octets or more (`openssl rand -out nonce.key 32`): with it clients go on over a restart |
//! | `NONCE_LIFETIME` | in seconds, from 30 |
//!
//! A user is added by a line of the file. This asks for the password on standard input:
//!
//! ```text
//! cargo run -p digest-example --bin htdigest-line -- http-auth@example.org Nala >> users.htdigest
//! ```
//!
//! Read `handlers.rs` first.

mod handlers;

use std::env;
use std::error::Error;
use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use auth_core::axum::{GuardedRouter, get, post};
use auth_core::digest::{DigestVerifier, Htdigest, NonceSecret};
use auth_core::{AuthState, Passwords, hash_password};
use tokio::net::TcpListener;

/// Who checks what. Handlers see the user's name.
#[derive(AuthState)]
struct App {
    #[auth(Digest)]
    users: DigestVerifier<Arc<Htdigest<String>>>,
    /// Those for whom Digest is too much. They are others: the file holds no passwords that Basic could check.
    #[auth(Basic)]
    scripts: Passwords<String>,
}

/// Takes only handlers with a decision, and shows the content of requests to the guards that ask for it.
fn router() -> GuardedRouter<Arc<App>> {
    GuardedRouter::new()
        .route("/", get(handlers::home))
        .route("/search", get(handlers::search))
        .route("/notes", post(handlers::notes))
        .route("/legacy", get(handlers::legacy))
        .route("/either", get(handlers::either))
        .route("/other", get(handlers::other))
        .route("/health", get(handlers::health))
        // A digest has the target that the client sent, though the handlers in here see the rest of it.
        .nest(
            "/api",
            GuardedRouter::new().route("/me", get(handlers::home)),
        )
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    tracing_subscriber::fmt()
        .with_max_level(tracing_subscriber::filter::LevelFilter::INFO)
        .with_writer(stderr)
        .with_ansi(stderr().is_terminal())
        .init();

    let file = env::var("USERS")
        .unwrap_or_else(|_| concat!(env!("CARGO_MANIFEST_DIR"), "/users.htdigest").to_owned());
    let users = Arc::new(Htdigest::open(file, |name: &str, _realm: &str| {
        name.to_owned()
    })?);
    reload_on_hangup(Arc::clone(&users))?;

    let secret = match env::var("NONCE_SECRET_FILE") {
        Ok(path) => NonceSecret::from_file(path)?,
        Err(_) => NonceSecret::random()?,
    };
    let lifetime = number("NONCE_LIFETIME", 300)?;
    let app = App {
        users: DigestVerifier::builder(users, secret)
            .with_nonce_lifetime(Duration::from_secs(lifetime))
            .build()?,
        scripts: Passwords::builder()
            .user("backup", &hash_password("a script")?, "backup".to_owned())?
            .build()?,
    };

    let port = u16::try_from(number("PORT", 8080)?)?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let router = router();
    let mut out = stdout();
    for endpoint in router.endpoints() {
        writeln!(out, "{endpoint}")?;
    }
    writeln!(
        out,
        "curl -i --digest -u 'Mufasa:Circle of Life' {origin}/\n\
         curl -i --digest -u 'Mufasa:Circle of Life' '{origin}/search?q=%22hakuna%20matata%22'\n\
         curl -i --digest -u 'J\u{e4}s\u{f8}n Doe:Secret, or not?' {origin}/api/me\n\
         curl -i --digest -u 'Mufasa:Circle of Life' --json '{{\"note\": \"remember\"}}' {origin}/notes\n\
         curl -i {origin}/legacy\n\
         or open {origin}/ in a browser\n\
         listening on {origin}"
    )?;
    let router = router.with_state(Arc::new(app)).into_router();
    Ok(axum::serve(listener, router).await?)
}

fn number(variable: &str, default: u64) -> Result<u64, String> {
    match env::var(variable) {
        Err(env::VarError::NotPresent) => Ok(default),
        given => given
            .unwrap_or_default()
            .parse()
            .map_err(|_| format!("{variable} is not a number: write digits only")),
    }
}

/// Whoever was taken out of the file is refused from then on.
fn reload_on_hangup(users: Arc<Htdigest<String>>) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use tokio::signal::unix::{SignalKind, signal};
        let mut hangups = signal(SignalKind::hangup())?;
        tokio::spawn(async move {
            while hangups.recv().await.is_some() {
                let users = Arc::clone(&users);
                // It reads a file.
                match tokio::task::spawn_blocking(move || users.reload()).await {
                    Ok(Ok(hashes)) => tracing::info!(hashes, "the users were read again"),
                    Ok(Err(error)) => tracing::error!(%error, "the users are those from before"),
                    Err(error) => tracing::error!(%error, "the users are those from before"),
                }
            }
        });
    }
    #[cfg(not(unix))]
    let _ = users;
    Ok(())
}
