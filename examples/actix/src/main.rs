//! The app of the quickstart on actix-web.
//!
//! ```text
//! cargo run -p actix-example
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

use actix_web::{App as ActixApp, HttpServer};
use auth_core::actix::{GuardedScope, get};
use auth_core::{ApiKeys, AuthState, JwtVerifier, Passwords, Settings};
use handlers::{Claims, KeyOwner, User};

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

/// Takes only handlers with a decision. `App` here is the state; that of actix-web is made in each worker.
fn routes(app: Arc<App>) -> GuardedScope<Arc<App>> {
    let api = GuardedScope::new("/api", Arc::clone(&app))
        .route("/users/me", get(handlers::me))
        .route("/protected", get(handlers::protected))
        .route("/data", get(handlers::api_data));
    GuardedScope::new("", app)
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
        .service(api)
}

#[actix_web::main]
async fn main() -> Result<(), Box<dyn Error>> {
    // auth_core tells each decision, and never a credential.
    tracing_subscriber::fmt().with_writer(stderr).init();
    let port = env::var("PORT").map_or(Ok(8080), |port| port.parse())?;
    let (app, demo) = demo::app()?;
    let routes = routes(Arc::new(app));
    for endpoint in routes.endpoints() {
        writeln!(stdout(), "{endpoint}")?;
    }
    let server = HttpServer::new(move || ActixApp::new().service(routes.clone()))
        .workers(2)
        .bind((Ipv4Addr::LOCALHOST, port))?;
    for address in server.addrs() {
        let origin = format!("http://{address}");
        let lines = demo.curl_lines(&origin);
        writeln!(stdout(), "{lines}listening on {origin}")?;
    }
    Ok(server.run().await?)
}
