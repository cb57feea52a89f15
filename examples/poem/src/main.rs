//! The app of the quickstart on poem.
//!
//! ```text
//! cargo run -p poem-example
//! ```
//!
//! prints `curl` lines with credentials made for this run, one for each interesting case; paste them
//! into another terminal. It listens on 127.0.0.1:8080; `PORT=3000` takes another port, `PORT=0` a free one. Ctrl-C
//! stops it. Standard error shows each decision.
//!
//! Read `handlers.rs` first. The credentials and what verifies them are those of the quickstart.

#[path = "../../quickstart/src/demo.rs"]
mod demo;
mod handlers;

use std::env;
use std::error::Error;
use std::io::{Write as _, stderr, stdout};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::Duration;

use auth_core::poem::{GuardedRoute, get};
use auth_core::{ApiKeys, AuthState, JwtVerifier, Passwords, Settings};
use handlers::{Claims, KeyOwner, User};
use poem::Server;
use poem::listener::TcpAcceptor;
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
fn routes(app: Arc<App>) -> GuardedRoute<Arc<App>> {
    let api = GuardedRoute::new(Arc::clone(&app))
        .at("/users/me", get(handlers::me))
        .at("/protected", get(handlers::protected))
        .at("/data", get(handlers::api_data));
    GuardedRoute::new(app)
        .at("/orders", get(handlers::orders))
        .at("/admin", get(handlers::admin))
        .at("/data", get(handlers::data))
        .at("/either", get(handlers::either))
        .at("/greeting", get(handlers::greeting))
        .at("/listed", get(handlers::listed))
        .at("/stock", get(handlers::stock))
        .at("/pages/:name", get(handlers::page))
        .at("/transfer", get(handlers::transfer))
        .at("/both", get(handlers::both))
        .at("/health", get(handlers::health))
        .nest("/api", api)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // auth_core tells each decision, and never a credential.
    tracing_subscriber::fmt().with_writer(stderr).init();
    let port: u16 = env::var("PORT").map_or(Ok(8080), |port| port.parse())?;
    let (app, demo) = demo::app()?;
    let routes = routes(Arc::new(app));
    for endpoint in routes.endpoints() {
        writeln!(stdout(), "{endpoint}")?;
    }
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);
    let lines = demo.curl_lines(&origin);
    writeln!(stdout(), "{lines}listening on {origin}")?;
    let stopped = async { drop(tokio::signal::ctrl_c().await) };
    Server::new_with_acceptor(TcpAcceptor::from_tokio(listener)?)
        .run_with_graceful_shutdown(routes, stopped, Some(Duration::from_secs(3)))
        .await?;
    Ok(())
}
