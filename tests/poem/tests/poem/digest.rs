//! Digest (RFC 7616): with what the routes show its guard, and without.

use std::net::SocketAddr;
use std::sync::Arc;

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::poem::{GuardedRoute, get};
use auth_core::{AuthState, Authenticated, DigestAlgorithm, Registry, auth_policy, requires_auth};
use auth_tests::raw::{Answer, exchange};
use digest_auth::{AuthContext, HttpMethod};
use poem::{EndpointExt as _, Route, handler};

use crate::sockets::serve;

#[auth_policy(scheme = "Digest", realm = "API", algorithm = "SHA-256")]
struct Plain;

#[auth_policy(
    scheme = "Digest",
    realm = "API",
    algorithm = "SHA-256",
    qop = "auth, auth-int"
)]
struct Signed;

type Users = DigestVerifier<DigestUserList<String>>;

#[derive(AuthState)]
struct App {
    #[auth(Digest)]
    users: Users,
}

fn users() -> Users {
    let list = DigestUserList::builder([("API", DigestAlgorithm::Sha256)])
        .user("Mufasa", "Circle of Life", "Mufasa".to_owned())
        .and_then(auth_core::digest::DigestUserListBuilder::build)
        .unwrap();
    let secret = NonceSecret::new("a secret of thirty-two octets ..").unwrap();
    DigestVerifier::builder(list, secret)
        .with_max_content_len(64)
        .build()
        .unwrap()
}

#[requires_auth(Plain)]
#[handler]
async fn bare(user: Authenticated<String>, body: String) -> String {
    format!("{} sent {body}", *user)
}

#[requires_auth(Signed)]
#[handler]
async fn bare_signed(user: Authenticated<String>, body: String) -> String {
    format!("{} sent {body}", *user)
}

#[requires_auth(Plain)]
async fn plain(user: Authenticated<String>, body: String) -> String {
    format!("{} sent {body}", *user)
}

#[requires_auth(Signed)]
async fn signed(user: Authenticated<String>, body: String) -> String {
    format!("{} sent {body}", *user)
}

async fn call(address: SocketAddr, method: &str, path: &str, fields: &str, body: &str) -> Answer {
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: api.example.com\r\nContent-Length: {}\r\n{fields}\r\n{body}",
        body.len()
    );
    exchange(address, request).await.unwrap()
}

/// What a client answers to the challenge that it got for the method.
async fn login(address: SocketAddr, method: &'static str, path: &str, body: &str) -> String {
    let challenged = call(address, method, path, "", body).await;
    assert_eq!(challenged.status(), 401, "{method} {path}");
    let context = AuthContext::new_with_method(
        "Mufasa",
        "Circle of Life",
        path,
        Some(body.as_bytes()),
        HttpMethod::from(method),
    );
    let mut challenge = digest_auth::parse(challenged.field("www-authenticate")[0]).unwrap();
    format!(
        "Authorization: {}\r\n",
        challenge.respond(&context).unwrap()
    )
}

async fn app() -> SocketAddr {
    let registry = Registry::builder().digest(users()).build().unwrap();
    let inner = GuardedRoute::new(Arc::new(App { users: users() }))
        .at("/plain", get(plain).post(plain))
        .at("/signed", get(signed).post(signed));
    let inside = GuardedRoute::new(registry.clone()).at("/signed", get(signed).post(signed));
    let handlers = Route::new()
        .at("/plain", poem::get(bare).post(bare))
        .at("/signed", poem::get(bare_signed).post(bare_signed));
    let app = Route::new()
        .nest("/routed", Route::new().nest("/typed", inner))
        .nest("/registered", inside)
        .nest("/bare", handlers);
    serve(app.data(registry)).await
}

/// D-14: the target is compared as it was sent, also under nested routes.
#[tokio::test]
async fn d14_users_log_in_under_nested_routes() {
    let address = app().await;
    for path in ["/routed/typed/plain?a=1", "/bare/plain?a=1"] {
        for method in ["GET", "POST"] {
            let login = login(address, method, path, "").await;
            let answer = call(address, method, path, &login, "").await;
            assert_eq!(answer.body, "Mufasa sent ", "{method} {path}");
            // Our routes own the answer, `#[handler]` has its own.
            let informed = !answer.field("authentication-info").is_empty();
            assert_eq!(informed, path.starts_with("/routed"), "{path}");
            let again = call(address, method, path, &login, "").await;
            assert_eq!(again.status(), 401, "a count is used once");
        }
    }
}

/// `auth-int` covers the content, which the handler gets as it was sent.
#[tokio::test]
async fn content_is_covered() {
    let address = app().await;
    for path in ["/routed/typed/signed", "/registered/signed", "/bare/signed"] {
        let login = login(address, "POST", path, "hello").await;
        let forged = call(address, "POST", path, &login, "HELLO").await;
        assert_eq!(forged.status(), 401, "{path}");
        let login = self::login(address, "POST", path, "hello").await;
        let answer = call(address, "POST", path, &login, "hello").await;
        assert_eq!(answer.body, "Mufasa sent hello", "{path}");
        let info = answer.field("authentication-info");
        let informed = info.iter().any(|info| info.contains("qop=auth-int"));
        assert_eq!(informed, !path.starts_with("/bare"), "{info:?}");

        let long = "x".repeat(65);
        let login = self::login(address, "POST", path, &long).await;
        let answer = call(address, "POST", path, &login, &long).await;
        assert_eq!(answer.status(), 413, "{path}");
    }
}

/// The method is covered too. Poem makes a `GET` of a `HEAD` before a bare handler sees it, so that no login holds there.
#[tokio::test]
async fn head_is_covered_as_it_was_sent() {
    let address = app().await;
    for (path, status) in [("/routed/typed/plain", 200), ("/bare/plain", 401)] {
        let challenged = call(address, "GET", path, "", "").await;
        let mut challenge = digest_auth::parse(challenged.field("www-authenticate")[0]).unwrap();
        let context = AuthContext::new_with_method(
            "Mufasa",
            "Circle of Life",
            path,
            None::<&[u8]>,
            HttpMethod::HEAD,
        );
        let login = format!(
            "Authorization: {}\r\n",
            challenge.respond(&context).unwrap()
        );
        let answer = call(address, "HEAD", path, &login, "").await;
        assert_eq!(answer.status(), status, "{path}");
    }
}
