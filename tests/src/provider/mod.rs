//! An identity provider for tests: a real server on loopback that publishes metadata and keys, counts who asks for
//! what, and misbehaves on demand.

mod fault;
mod reply;
mod server;
mod signer;

use std::collections::HashMap;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use serde_json::{Value, json};

pub use fault::{Fault, Gate};
pub use reply::{Asked, Reply};
pub use signer::{Signer, claims};

use server::Server;

/// Where the metadata and the keys are.
pub const METADATA: &str = "/.well-known/openid-configuration";
pub const KEYS: &str = "/jwks";

/// The provider. It listens on a free port of the loopback interface until it is dropped.
pub struct Provider {
    site: Arc<Site>,
    server: Mutex<Option<Server>>,
    address: SocketAddr,
}

type Route = Arc<dyn Fn(&Asked) -> Reply + Send + Sync>;

/// What stands where, and what has been asked.
#[derive(Default)]
struct Site {
    routes: Mutex<HashMap<String, Route>>,
    faults: Mutex<HashMap<String, Fault>>,
    asked: Mutex<Vec<Asked>>,
}

impl Provider {
    /// A provider without any page.
    pub async fn bare() -> Self {
        let site = Arc::default();
        let server = Server::listen(([127, 0, 0, 1], 0).into(), &site).await;
        Self {
            address: server.address(),
            server: Mutex::new(Some(server)),
            site,
        }
    }

    /// A provider whose metadata is where `OpenID` providers have it, and that publishes these keys.
    pub async fn with(keys: &[&Signer]) -> Self {
        let provider = Self::bare().await;
        provider.describe(METADATA, &provider.issuer(), &provider.url(KEYS));
        provider.publish(keys);
        provider
    }

    /// The value of `iss`: its origin.
    #[must_use]
    pub fn issuer(&self) -> String {
        format!("http://{}", self.address)
    }

    #[must_use]
    pub fn url(&self, path: &str) -> String {
        format!("{}{path}", self.issuer())
    }

    /// Answers at this path from now on: token endpoints, introspection and what else a test needs.
    pub fn route(&self, path: &str, answer: impl Fn(&Asked) -> Reply + Send + Sync + 'static) {
        locked(&self.site.routes).insert(path.to_owned(), Arc::new(answer));
    }

    /// Metadata of this issuer, at this path.
    pub fn describe(&self, path: &str, issuer: &str, jwks_uri: &str) {
        let metadata = json!({"issuer": issuer, "jwks_uri": jwks_uri, "unknown": [1]});
        self.route(path, move |_| Reply::json(&metadata));
    }

    /// These keys and no others, from now on.
    pub fn publish(&self, keys: &[&Signer]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        self.publish_set(&keys);
    }

    /// Whatever stands for keys.
    pub fn publish_set(&self, keys: &[Value]) {
        let set = json!({"keys": keys});
        self.route(KEYS, move |_| Reply::json(&set));
    }

    /// Keys with more header fields.
    pub fn publish_with(&self, keys: &[&Signer], fields: &[(&str, &str)]) {
        let keys: Vec<Value> = keys.iter().map(|key| key.jwk()).collect();
        let mut reply = Reply::json(&json!({"keys": keys}));
        for (name, value) in fields {
            reply = reply.with(name, value);
        }
        self.route(KEYS, move |_| reply.clone());
    }

    /// Misbehaves at this path, until it [heals](Self::heal).
    pub fn fail(&self, path: &str, fault: Fault) {
        locked(&self.site.faults).insert(path.to_owned(), fault);
    }

    pub fn heal(&self, path: &str) {
        locked(&self.site.faults).remove(path);
    }

    /// Takes no connections any more.
    pub async fn stop(&self) {
        let server = locked(&self.server).take();
        if let Some(server) = server {
            server.stop().await;
        }
    }

    /// Takes connections again, at the same address.
    pub async fn resume(&self) {
        let server = Server::listen(self.address, &self.site).await;
        *locked(&self.server) = Some(server);
    }

    /// How often this path was asked.
    #[must_use]
    pub fn count(&self, path: &str) -> usize {
        self.asked(path).len()
    }

    /// What was asked at this path.
    #[must_use]
    pub fn asked(&self, path: &str) -> Vec<Asked> {
        let asked = locked(&self.site.asked);
        let here = asked.iter().filter(|asked| asked.path == path);
        here.cloned().collect()
    }

    /// How often anything was asked.
    #[must_use]
    pub fn count_all(&self) -> usize {
        locked(&self.site.asked).len()
    }

    /// Waits until this path was asked so often.
    pub async fn until_asked(&self, path: &str, times: usize) {
        crate::until(|| self.count(path) >= times).await;
    }
}

impl Site {
    fn answer(&self, asked: &Asked) -> Reply {
        let route = locked(&self.routes).get(&asked.path).cloned();
        route.map_or_else(Reply::not_found, |route| route(asked))
    }

    fn fault(&self, path: &str) -> Option<Fault> {
        locked(&self.faults).get(path).cloned()
    }
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
