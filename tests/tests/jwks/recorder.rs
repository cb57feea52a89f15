//! What goes out, recorded: nothing of a token ever does (V3, V5, J-7).

use std::sync::{Arc, Mutex};

use auth_core::outbound::{Exchange, HttpClient};
use auth_tests::provider::{KEYS, METADATA, Provider, Signer, claims};
use bytes::Bytes;
use http::{Request, Response};
use serde_json::{Value, json};

use super::{Service, of};

/// Serves metadata and keys from memory, and keeps what it was asked.
#[derive(Clone)]
struct Recorder {
    metadata: String,
    keys: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl HttpClient for Recorder {
    fn send(&self, request: Request<Bytes>, _: usize) -> Exchange {
        self.asked.lock().unwrap().push(format!("{request:?}"));
        let mut response = Response::new(Bytes::new());
        *response.body_mut() = match request.uri().path() {
            METADATA => self.metadata.clone().into(),
            KEYS => self.keys.clone().into(),
            _ => {
                *response.status_mut() = http::StatusCode::NOT_FOUND;
                Bytes::new()
            }
        };
        Box::pin(async move { Ok(response) })
    }
}

#[tokio::test]
async fn v3_v5_j7_no_header_of_a_token_causes_a_request_or_is_told_to_anybody() {
    let [good, evil] = ["good", "evil"].map(|kid| Signer::new("ES256", kid));
    let evil_site = Provider::with(&[&evil]).await;
    let provider = Provider::with(&[&good]).await;
    let issuer = provider.issuer();
    let recorder = Recorder {
        metadata: json!({"issuer": issuer, "jwks_uri": provider.url(KEYS)}).to_string(),
        keys: json!({"keys": [good.jwk()]}).to_string(),
        asked: Arc::default(),
    };
    let (keys, hand) = of(&provider);
    let keys = keys.with_client(recorder.clone()).start().await.unwrap();
    let service = Service::over(keys, hand);
    let asked = || recorder.asked.lock().unwrap().len();
    let at_start = asked();

    // With the known kid: the header adds a key or an address of its own.
    let url = evil_site.url(KEYS);
    let additions: [(&str, Value); 8] = [
        ("jwk", evil.jwk()),
        ("jku", json!(url)),
        ("x5u", json!(url)),
        ("x5c", json!(["MIIB"])),
        ("x5t", json!("AAAA")),
        ("iss", json!(url)),
        ("jku", json!("file:///etc/passwd")),
        ("url", json!(url)),
    ];
    for (name, value) in &additions {
        let mut header = good.header();
        header[name] = value.clone();
        let token = evil.sign(&header, &claims(&issuer));
        assert_eq!(
            service.ask(&token).await.unwrap_err().status(),
            401,
            "{name}"
        );
        // The neighbour: the same header, signed by the right key.
        assert!(
            service.admits(&good.sign(&header, &claims(&issuer))).await,
            "{name}"
        );
    }
    assert_eq!(asked(), at_start);

    // With another kid: once the keys themselves, and nothing else.
    for kid in [
        "evil",
        "../../evil",
        &url,
        "file:///dev/null",
        "' OR 1=1 --",
        "$(id)",
        "a\r\nX-Injected: 1",
        "\0",
        "",
    ] {
        for (name, value) in &additions {
            let mut header = evil.header_but("kid", json!(kid));
            header[name] = value.clone();
            service
                .knows_no_key_for(&evil.sign(&header, &claims(&issuer)))
                .await;
        }
    }
    assert_eq!(asked(), at_start + 1);
    let log = recorder.asked.lock().unwrap();
    let last = log.last().unwrap();
    assert!(last.contains(&provider.url(KEYS)), "{last}");
    // It is what was asked at the start, word for word.
    assert_eq!(log.get(at_start - 1), Some(last));
    assert_eq!((evil_site.count_all(), provider.count_all()), (0, 0));
}

/// Plain HTTP goes to this machine alone: no proxy that the environment names reads it.
#[test]
fn a_proxy_of_the_environment_sees_no_plain_http() {
    // Nobody listens there: whoever went by it would find no keys.
    let proxy = "http://127.0.0.1:1";
    let known = "discovery::keys_at_an_address_need_no_metadata";
    let mut again = std::process::Command::new(std::env::current_exe().unwrap());
    again
        .args(["--exact", known])
        .env_remove("NO_PROXY")
        .env_remove("no_proxy");
    for name in ["http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"] {
        again.env(name, proxy);
    }
    let output = again.output().unwrap();
    let told = String::from_utf8_lossy(&output.stdout);
    assert!(told.contains("1 passed"), "{told}");
}
