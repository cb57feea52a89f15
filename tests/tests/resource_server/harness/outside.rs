//! All that is beyond the service: its issuers, which remember what they were asked, and an address that nobody may go to.

use std::collections::HashMap;
use std::io::ErrorKind;
use std::net::TcpListener;
use std::sync::{Arc, LazyLock, Mutex};

use auth_core::outbound::{Exchange, HttpClient};
use bytes::Bytes;
use http::{HeaderValue, Request, Response, StatusCode};
use serde_json::{Value, json};

use super::{ISSUER, KEYS, PARTNER, PARTNER_KEYS, keys};

/// An address on this machine where somebody would see a connection.
pub fn trap() -> &'static TcpListener {
    static TRAP: LazyLock<TcpListener> = LazyLock::new(|| {
        let trap = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        trap.set_nonblocking(true).unwrap();
        trap
    });
    &TRAP
}

/// Whether somebody has connected.
pub fn was_sprung(trap: &TcpListener) -> bool {
    match trap.accept() {
        Ok(_) => true,
        Err(error) => {
            assert_eq!(error.kind(), ErrorKind::WouldBlock);
            false
        }
    }
}

/// Everything beyond the service, as its requests find it.
#[derive(Clone, Default)]
pub struct Outside {
    pages: Arc<Mutex<HashMap<String, Value>>>,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Outside {
    pub fn new() -> Self {
        let outside = Self::default();
        for (issuer, address) in [(ISSUER, KEYS), (PARTNER, PARTNER_KEYS)] {
            let metadata = json!({"issuer": issuer, "jwks_uri": address});
            outside.put(
                &format!("{issuer}/.well-known/oauth-authorization-server"),
                metadata,
            );
        }
        outside.put(KEYS, json!({"keys": keys().published()}));
        outside.put(PARTNER_KEYS, json!({"keys": [keys().partner.jwk()]}));
        outside
    }

    pub fn put(&self, address: &str, page: Value) {
        self.pages.lock().unwrap().insert(address.to_owned(), page);
    }

    pub fn remove(&self, address: &str) {
        self.pages.lock().unwrap().remove(address);
    }

    /// The requests so far: each is written out.
    pub fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl HttpClient for Outside {
    fn send(&self, request: Request<Bytes>, _: usize) -> Exchange {
        let (head, body) = request.into_parts();
        assert!(body.is_empty());
        let address = head.uri.to_string();
        let written = format!("{} {address} {:?}", head.method, head.headers);
        self.asked.lock().unwrap().push(written);
        let page = self
            .pages
            .lock()
            .unwrap()
            .get(&address)
            .map(Value::to_string);
        let found = page.is_some();
        let mut answer = Response::new(Bytes::from(page.unwrap_or_default()));
        if !found {
            *answer.status_mut() = StatusCode::NOT_FOUND;
        }
        let day = HeaderValue::from_static("max-age=86400");
        answer.headers_mut().insert("cache-control", day);
        Box::pin(async move { Ok(answer) })
    }
}
