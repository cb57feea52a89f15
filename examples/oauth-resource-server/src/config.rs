//! What differs from place to place.

use std::env::{self, VarError};
use std::path::PathBuf;

use auth_core::Secret;

/// The settings, from the environment. Unless set they suit the provider beside this example.
#[derive(Debug)]
pub struct Config {
    /// `ISSUER`: the identity provider.
    pub issuer: String,
    /// `RESOURCE`: this service as its clients see it. Tokens carry it in `aud`.
    pub resource: String,
    /// `REVOCATIONS`: the file that remembers which tokens were taken back.
    pub revocations: PathBuf,
    /// `CLIENT_ID`: who this service is when it asks the provider about a token.
    pub client_id: String,
    /// `CLIENT_SECRET`: how it proves that.
    pub client_secret: Secret<String>,
}

impl Config {
    /// `origin` is where the service listens.
    #[must_use]
    pub fn from_env(origin: String) -> Self {
        let variable = |name| env::var(name).ok();
        let or = |name, default: &str| variable(name).unwrap_or_else(|| default.to_owned());
        Self {
            issuer: or("ISSUER", "http://127.0.0.1:9000"),
            resource: variable("RESOURCE").unwrap_or(origin),
            revocations: or("REVOCATIONS", "orders.revocations").into(),
            client_id: or("CLIENT_ID", "orders-api"),
            client_secret: Secret::new(or("CLIENT_SECRET", "orders-api-secret")),
        }
    }
}

/// `PORT`: where to listen, on 127.0.0.1; 8080 unless set, 0 for a free one.
///
/// # Errors
/// What is no number of a port.
pub fn port() -> Result<u16, String> {
    let port = match env::var("PORT") {
        Err(VarError::NotPresent) => return Ok(8080),
        // What is not Unicode is no number either.
        port => port.unwrap_or_default(),
    };
    port.parse()
        .map_err(|_| format!("PORT is {port:?}: set it to a number from 0 to 65535"))
}
