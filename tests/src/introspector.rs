//! An introspection endpoint that answers as a test wants, and remembers what it was asked: as an HTTP client of the
//! verifier's, without a network, or behind a real socket.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use auth_core::outbound::{Exchange, HttpClient};
use axum::body::Body;
use bytes::Bytes;
use http::{Request, Response, StatusCode};
use serde_json::{Value, json};
use tokio::sync::watch;

use crate::tokens::{AUDIENCE, ISSUER, NOW};

/// An answer about a good token.
#[must_use]
pub fn active() -> Value {
    json!({
        "active": true, "iss": ISSUER, "aud": AUDIENCE, "sub": "ada", "client_id": "web", "jti": "t-1",
        "iat": NOW - 10, "exp": NOW + 3600, "scope": "orders:read profile", "token_type": "Bearer",
    })
}

/// A good answer, but for one member.
#[must_use]
pub fn active_but(name: &str, value: Value) -> Value {
    let mut answer = active();
    answer[name] = value;
    answer
}

/// A good answer without some members.
#[must_use]
pub fn active_without(names: &[&str]) -> Value {
    let mut answer = active();
    for name in names {
        answer.as_object_mut().unwrap().remove(*name);
    }
    answer
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    pub uri: String,
    pub fields: http::HeaderMap,
    pub form: HashMap<String, String>,
}

impl Asked {
    #[must_use]
    pub fn field(&self, name: &str) -> Option<&str> {
        self.fields.get(name).map(|value| value.to_str().unwrap())
    }

    /// The fields of the form, sorted.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self.form.keys().map(String::as_str).collect();
        names.sort_unstable();
        names
    }
}

type Answering = dyn Fn(&Asked) -> Response<Bytes> + Send + Sync;

struct State {
    answering: Mutex<Arc<Answering>>,
    asked: Mutex<Vec<Asked>>,
    /// Whether answers are given, or held back.
    open: watch::Sender<bool>,
}

#[derive(Clone)]
pub struct Introspector(Arc<State>);

impl Default for Introspector {
    /// Calls every token active.
    fn default() -> Self {
        let introspector = Self(Arc::new(State {
            answering: Mutex::new(Arc::new(|_| Response::new(Bytes::new()))),
            asked: Mutex::default(),
            open: watch::Sender::new(true),
        }));
        introspector.says(&active());
        introspector
    }
}

impl Introspector {
    /// Answers this, whatever the token.
    pub fn says(&self, answer: &Value) {
        self.says_text(200, answer.to_string());
    }

    /// Answers with this status and body.
    pub fn says_text(&self, status: u16, body: impl Into<Bytes>) {
        let body = body.into();
        self.answers_by(move |_| {
            let mut answer = Response::new(body.clone());
            *answer.status_mut() = StatusCode::from_u16(status).unwrap();
            answer
        });
    }

    pub fn answers_by(&self, answer: impl Fn(&Asked) -> Response<Bytes> + Send + Sync + 'static) {
        *self.0.answering.lock().unwrap() = Arc::new(answer);
    }

    /// Answers nothing from now on.
    pub fn hold(&self) {
        self.0.open.send_replace(false);
    }

    /// Answers again, first those who wait.
    pub fn release(&self) {
        self.0.open.send_replace(true);
    }

    /// How often it was asked.
    #[must_use]
    pub fn calls(&self) -> usize {
        self.0.asked.lock().unwrap().len()
    }

    #[must_use]
    pub fn asked(&self) -> Vec<Asked> {
        self.0.asked.lock().unwrap().clone()
    }

    /// What it was asked last.
    #[must_use]
    pub fn last(&self) -> Asked {
        self.asked().pop().expect("it was asked")
    }

    /// Serves it on a free port of the loopback interface, until the test ends. Yields its address.
    pub async fn listen(&self) -> String {
        let introspector = self.clone();
        let router = axum::Router::new().fallback(move |request: Request<Body>| async move {
            let (parts, body) = request.into_parts();
            let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
            let request = Request::from_parts(parts, body);
            introspector.answer(&request).await.map(Body::from)
        });
        format!("http://{}/introspect", crate::servers::listen(router).await)
    }

    async fn answer(&self, request: &Request<Bytes>) -> Response<Bytes> {
        let asked = Asked {
            method: request.method().to_string(),
            uri: request.uri().to_string(),
            fields: request.headers().clone(),
            form: form_urlencoded::parse(request.body())
                .into_owned()
                .collect(),
        };
        self.0.asked.lock().unwrap().push(asked.clone());
        let mut open = self.0.open.subscribe();
        open.wait_for(|open| *open).await.unwrap();
        let answering = Arc::clone(&self.0.answering.lock().unwrap());
        answering(&asked)
    }
}

impl HttpClient for Introspector {
    fn send(&self, request: Request<Bytes>, _: usize) -> Exchange {
        let introspector = self.clone();
        Box::pin(async move { Ok(introspector.answer(&request).await) })
    }
}
