//! Digest (RFC 7616): the content of requests, where another hoop has read it before.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::salvo::DigestHoop;
use auth_core::testing::DigestLogin;
use auth_core::{Authenticated, DigestAlgorithm, Registry, auth_policy, requires_auth};
use auth_salvo::start;
use auth_tests::raw::exchange;
use salvo::prelude::*;

#[derive(Debug)]
#[auth_policy(scheme = "Digest", realm = "API", qop = "auth, auth-int")]
pub struct Signed;

#[requires_auth(Signed)]
#[handler]
async fn signed(user: Authenticated<&'static str>, request: &mut Request) -> String {
    let content = request.payload().await.unwrap();
    format!("{}: {}", *user, String::from_utf8_lossy(content))
}

#[handler]
async fn reads(request: &mut Request) {
    request.payload().await.unwrap();
}

fn registry() -> Registry {
    let users = DigestUserList::builder([("API", DigestAlgorithm::Sha256)])
        .user("ann", "open sesame", "Ann")
        .unwrap();
    let secret = NonceSecret::new([7; 32]).unwrap();
    let verifier = DigestVerifier::builder(users.build().unwrap(), secret);
    let registry = Registry::builder().digest(verifier.build().unwrap());
    registry.build().unwrap()
}

// D-7: the guard hashes the content. What a hoop outside has read is out of its sight, and is not taken for an empty one.
#[tokio::test]
async fn content_that_was_read_before_is_not_taken_for_none_d7() {
    let registry = registry();
    let guarded = || {
        let hooped = Router::new().hoop(registry.clone()).hoop(DigestHoop::new());
        hooped.push(Router::with_path("signed").post(signed))
    };
    let read = Router::with_path("read").hoop(reads).push(guarded());
    let address = start(Router::new().push(guarded()).push(read));
    for (path, content, status) in [
        ("/signed", "two pears", 200),
        ("/signed", "", 200),
        ("/read/signed", "two pears", 500),
        ("/read/signed", "", 200),
    ] {
        let ask = async |fields: &str| {
            let length = content.len();
            let request = format!(
                "POST {path} HTTP/1.1\r\nHost: localhost\r\nContent-Length: {length}\r\n{fields}\r\n{content}"
            );
            exchange(address, request).await.unwrap()
        };
        let challenged = ask("").await;
        let challenge = challenged.field("www-authenticate")[0].parse().unwrap();
        let method = http::Method::POST;
        let mut ann = DigestLogin::new("ann", "open sesame");
        let login = ann.answer_with_content(&challenge, &method, path, content.as_bytes());
        let login = login.unwrap();
        let login = login.to_str().unwrap();
        let answer = ask(&format!("Authorization: {login}\r\n")).await;
        assert_eq!(answer.status(), status, "{path} {content}: {answer:?}");
        assert_eq!(answer.body == format!("Ann: {content}"), status == 200);
    }
}
