//! Starts the resource server, and prints `curl` lines to try it with. First start the identity provider:
//!
//! ```text
//! (cd examples/oauth-resource-server/provider && npm ci --ignore-scripts && node provider.mjs)
//! cargo run -p oauth-resource-server
//! ```
//!
//! `config.rs` lists the variables that change where things are. Ctrl-C stops it.

use std::error::Error;
use std::io::{IsTerminal as _, Write as _, stderr, stdout};
use std::net::Ipv4Addr;
use std::process::ExitCode;
use std::sync::Arc;

use oauth_resource_server::app::App;
use oauth_resource_server::config::{self, Config};
use oauth_resource_server::{metrics, router};
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> ExitCode {
    // Each refusal, and how the keys are doing; never a credential.
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
    let port = config::port()?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
        .await
        .map_err(|error| {
            format!("cannot listen on 127.0.0.1:{port}: {error}; set PORT to another port, such as `PORT=3000`")
        })?;
    let origin = format!("http://{}", listener.local_addr()?);
    let metrics = metrics::install()?;
    tokio::spawn(metrics::upkeep(metrics.clone()));

    let config = Config::from_env(origin.clone());
    let variables = format!("ISSUER='{}'\nAPI='{}'", config.issuer, config.resource);
    let router = router(Arc::new(App::start(config, metrics).await?));
    for endpoint in router.endpoints() {
        writeln!(stdout(), "{endpoint}")?;
    }
    let calls = include_str!("calls.sh");
    writeln!(stdout(), "\n{variables}\n{calls}\nlistening on {origin}")?;
    let stopped = async {
        let _ = tokio::signal::ctrl_c().await;
    };
    axum::serve(listener, router.into_router())
        .with_graceful_shutdown(stopped)
        .await?;
    Ok(())
}
