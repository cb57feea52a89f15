//! Who checks the tokens: the state of the application.

use std::error::Error;

use auth_core::introspection::{ClientAuth, Introspection};
use auth_core::jwt::{Audience, Issuer, JwtVerifier, KeysError, RemoteKeys};
use auth_core::outbound::PlainHttp;
use auth_core::store::Revocations;
use auth_core::{AuthState, ProtectedResource, Revocation, Settings};
use metrics_exporter_prometheus::PrometheusHandle;

use crate::config::Config;
use crate::handlers::Claims;
use crate::revocations;

/// Tells the verifier of opaque tokens from that of JWTs.
#[derive(Debug)]
pub enum Opaque {}

/// A handler whose verifier is missing here does not compile.
#[derive(AuthState, Debug)]
pub struct App {
    /// JWTs are checked here, with the keys that the provider publishes.
    #[auth(Bearer)]
    pub tokens: JwtVerifier<Claims>,
    /// About what is no JWT the provider is asked.
    #[auth(Bearer, tag = Opaque)]
    pub opaque: Introspection<Claims>,
    /// What is the same for all handlers.
    #[auth(settings)]
    pub settings: Settings,
    /// Whose tokens they are.
    pub issuer: String,
    /// The keys again, for those who watch over them.
    pub keys: RemoteKeys,
    /// What was taken back, on disk.
    pub revocations: Revocations,
    /// What was counted.
    pub metrics: PrometheusHandle,
}

impl App {
    /// Waits for the keys of the provider. With `start_without_keys` it would not, and would refuse tokens with 503
    /// until they are there.
    ///
    /// # Errors
    /// If the provider cannot be reached, or is not what it should be; if a setting does not work; if the store of
    /// revocations cannot be opened.
    pub async fn start(config: Config, metrics: PrometheusHandle) -> Result<Self, Box<dyn Error>> {
        let issuer = Issuer::new(config.issuer.as_str());
        let audience = Audience::new(config.resource.as_str());
        let revocations = revocations::open(&config.revocations)?;
        let revocation = Revocation::by(revocations.clone());

        // `OnLoopback` is for the provider beside this example: with a real one, leave these two lines out.
        let keys = RemoteKeys::discover(issuer.clone())
            .with_plain_http(PlainHttp::OnLoopback)
            .start()
            .await
            .map_err(|error| no_keys(&config.issuer, &error))?;
        let opaque = Introspection::builder(
            format!("{}/token/introspection", config.issuer),
            ClientAuth::basic(config.client_id, config.client_secret),
            audience.clone(),
            revocation.clone(),
        )
        .with_plain_http(PlainHttp::OnLoopback)
        .with_issuer(issuer)
        .build()?;

        let resource = ProtectedResource::builder(config.resource, config.issuer.as_str())
            .scopes(["orders:read", "orders:write", "tokens:revoke"])
            .name("Orders")
            .build()?;
        Ok(Self {
            tokens: JwtVerifier::with_remote_keys(keys.clone(), audience, revocation)?,
            opaque,
            settings: Settings::new().with_protected_resource(resource),
            issuer: config.issuer,
            keys,
            revocations,
            metrics,
        })
    }
}

/// What to do, where it is not a setting that is wrong.
fn no_keys(issuer: &str, error: &KeysError) -> String {
    let advice = match error {
        KeysError::Metadata(_) | KeysError::Deadline(_) => {
            "\nIs the provider running? This starts it:\n  \
             (cd examples/oauth-resource-server/provider && npm ci --ignore-scripts && node provider.mjs)\n\
             Or set ISSUER to another one."
        }
        _ => "",
    };
    format!("no keys from ISSUER={issuer}: {error}{advice}")
}
