//! The identity provider, and its control port (`examples/oauth-resource-server/provider/control.mjs`).

use std::collections::HashMap;
use std::env;
use std::fmt;

use reqwest::{Client, Method, RequestBuilder};
use serde::Deserialize;
use serde_json::Value;
use tokio::sync::{Mutex, MutexGuard};

/// There is one provider: who turns its keys is alone with it.
static TURN: Mutex<()> = Mutex::const_new(());

/// For whom its tokens are, unless they are a neighbour's.
pub const AUDIENCE: &str = "https://orders.example.com";
/// The resource whose tokens are opaque, for the same audience.
pub const OPAQUE: &str = "https://orders.example.com/opaque";

/// An application that gets tokens.
pub const APP: &str = "orders-app";

/// How an endpoint misbehaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// 500.
    Error,
    Garbage,
    /// 100 MB of white space before the right answer.
    Huge,
    /// One octet a second.
    Drip,
    /// To another origin, which has the right answer.
    Redirect,
    /// No answer until it is healed, then the right one.
    Hang,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&format!("{self:?}").to_lowercase())
    }
}

/// What an endpoint was asked.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
pub struct Counter {
    pub requests: u64,
    /// Requests without an answer so far.
    pub waiting: u64,
    /// Octets that were sent.
    pub bytes: u64,
}

pub struct Provider {
    issuer: String,
    control: String,
    http: Client,
    _turn: MutexGuard<'static, ()>,
}

impl Provider {
    /// As it was started: it serves, has one key for each algorithm, and has counted nothing.
    pub async fn fresh() -> Self {
        let provider = Self {
            _turn: TURN.lock().await,
            issuer: variable("E2E_ISSUER"),
            control: variable("E2E_CONTROL"),
            // It is stopped and started: no connection is kept.
            http: Client::builder().pool_max_idle_per_host(0).build().unwrap(),
        };
        provider.start().await;
        provider.heal().await;
        provider.withdraw().await;
        provider.forget_counts().await;
        provider
    }

    #[must_use]
    pub fn issuer(&self) -> &str {
        &self.issuer
    }

    /// The private key of its client `orders-api-jwt`, as PEM.
    #[must_use]
    pub fn client_key() -> Vec<u8> {
        std::fs::read(variable("E2E_CLIENT_KEY")).unwrap()
    }

    /// A token of [`APP`] that may read orders.
    pub async fn token(&self, resource: &str) -> String {
        self.token_of(APP, resource).await
    }

    /// The same of another application.
    pub async fn token_of(&self, application: &str, resource: &str) -> String {
        let form = [
            ("grant_type", "client_credentials"),
            ("resource", resource),
            ("scope", "orders:read"),
        ];
        let answer = self.form("/token", &form, application).send().await;
        let answer: Value = json(answer).await;
        answer["access_token"].as_str().unwrap().to_owned()
    }

    /// Takes a token of [`APP`] back (RFC 7009).
    pub async fn revoke(&self, token: &str) {
        let revoked = self.form("/token/revocation", &[("token", token)], APP);
        assert_eq!(revoked.send().await.unwrap().status(), 200);
    }

    /// A new key for ES256, which signs from now on; the old one stays published.
    pub async fn rotate(&self) {
        self.command(Method::POST, "/keys/rotate?alg=ES256").await;
    }

    /// Keys that do not sign any more are not published any more.
    pub async fn withdraw(&self) {
        self.command(Method::POST, "/keys/withdraw").await;
    }

    /// Takes no connection any more.
    pub async fn stop(&self) {
        self.command(Method::POST, "/stop").await;
    }

    pub async fn start(&self) {
        self.command(Method::POST, "/start").await;
    }

    /// `endpoint` is one of the names in `control.mjs`.
    pub async fn fail(&self, endpoint: &str, fault: Fault) {
        self.command(Method::PUT, &format!("/faults/{endpoint}/{fault}"))
            .await;
    }

    pub async fn heal(&self) {
        self.command(Method::DELETE, "/faults").await;
    }

    pub async fn counter(&self, endpoint: &str) -> Counter {
        let counters = self.command(Method::GET, "/counters").await;
        let counters: HashMap<String, Counter> = serde_json::from_value(counters).unwrap();
        counters.get(endpoint).copied().unwrap_or_default()
    }

    /// How often it was asked there.
    pub async fn asked(&self, endpoint: &str) -> u64 {
        self.counter(endpoint).await.requests
    }

    pub async fn forget_counts(&self) {
        self.command(Method::DELETE, "/counters").await;
    }

    fn form(&self, path: &str, form: &[(&str, &str)], application: &str) -> RequestBuilder {
        self.http
            .post(format!("{}{path}", self.issuer))
            .basic_auth(application, Some(format!("{application}-secret")))
            .form(form)
    }

    async fn command(&self, method: Method, path: &str) -> Value {
        let url = format!("{}{path}", self.control);
        json(self.http.request(method, url).send().await).await
    }
}

async fn json(answer: reqwest::Result<reqwest::Response>) -> Value {
    let answer = answer.unwrap();
    let (url, status) = (answer.url().clone(), answer.status());
    let body = answer.text().await.unwrap();
    assert_eq!(status, 200, "{url}: {body}");
    serde_json::from_str(&body).unwrap()
}

fn variable(name: &str) -> String {
    env::var(name).unwrap_or_else(|_| {
        panic!("{name} is not set: run tests/end-to-end/run.sh, which starts the provider")
    })
}
