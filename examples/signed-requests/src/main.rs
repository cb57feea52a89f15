//! Handlers behind the scheme, on a router that takes only decided handlers.
//!
//! ```text
//! cargo run -p signed-requests
//! ```
//!
//! prints what is open to whom, and a signed `curl` line. `PORT=0` takes a free port.

use std::error::Error;
use std::io::{Write as _, stdout};
use std::net::Ipv4Addr;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use auth_core::axum::{GuardedRouter, get};
use auth_core::{AuthState, Authenticated, auth_policy, public, requires_auth};
use axum::extract::Path;
use signed_requests::{Partners, Signed, sign};

#[derive(AuthState)]
struct App {
    #[auth(Signed)]
    partners: Partners,
}

#[auth_policy(signed_requests::Signed(realm = "Partners", hash = "hmac-sha-256", window = 300))]
struct Partner;

/// Every function in here is for partners.
#[requires_auth(Partner)]
mod handlers {
    use super::{Authenticated, Path, requires_auth};

    pub(crate) async fn orders(partner: Authenticated<String>) -> String {
        format!("the orders of {}\n", *partner)
    }

    // A partner sees its own page only.
    #[requires_auth(super::Partner, permit = *partner == name)]
    pub(crate) async fn page(partner: Authenticated<String>, Path(name): Path<String>) -> String {
        format!("the page {name} of {}\n", *partner)
    }
}

#[public(reason = "load balancer probe")]
async fn health() -> &'static str {
    "ok\n"
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let port = std::env::var("PORT").unwrap_or_else(|_| "8080".to_owned());
    let port: u16 = port.parse().map_err(|error| format!("PORT: {error}"))?;
    let listener = tokio::net::TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let origin = format!("http://{}", listener.local_addr()?);

    let key = b"a key that both sides know";
    let router = GuardedRouter::new()
        .route("/orders", get(handlers::orders))
        .route("/pages/{name}", get(handlers::page))
        .route("/health", get(health));
    for endpoint in router.endpoints() {
        writeln!(stdout(), "{endpoint}")?;
    }
    let now = SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs();
    for path in ["/orders", "/pages/acme", "/pages/other"] {
        let signature = sign("acme", key, now, "GET", path);
        writeln!(
            stdout(),
            "curl -i -H 'Authorization: {signature}' '{origin}{path}'"
        )?;
    }
    writeln!(stdout(), "listening on {origin}")?;
    let app = App {
        partners: Partners::default().with("acme", key),
    };
    let router: axum::Router = router.with_state(Arc::new(app)).into();
    Ok(axum::serve(listener, router).await?)
}
