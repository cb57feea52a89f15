//! What attributes say of Digest arrives in its challenges; the verifier here puts a nonce in and believes everybody.
//!
//! What must not compile stands in `tests/ui/digest`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
#![allow(
    clippy::unused_async,
    clippy::items_after_statements,
    reason = "handlers are written in all shapes that users write"
)]

use auth_core::refusal::OpenChallenge;
use auth_core::{
    AuthState, Authenticated, Basic, Bearer, Cause, Digest, DigestCredentials, FnVerifier, Grants,
    RequestView, Verified, Verifier, auth_policy, requires_auth,
};
use axum::Router;
use axum::body::Body;
use axum::handler::Handler;
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::routing::any;
use tower::ServiceExt as _;

#[derive(Clone)]
struct Believer;

impl Verifier for Believer {
    type Scheme = Digest;
    type Identity = String;

    async fn verify<'r>(
        &'r self,
        _: DigestCredentials<'r>,
        _: &'r RequestView<'r>,
    ) -> Result<Verified<String>, Cause> {
        let grants = Grants::none().with_scopes(["orders:read"]);
        Ok(Verified::new("ada".to_owned()).with_grants(grants))
    }

    fn complete(
        &self,
        challenge: OpenChallenge<'_>,
        _: &RequestView<'_>,
    ) -> Result<HeaderValue, Cause> {
        challenge.with_nonce("n")
    }
}

#[derive(AuthState, Clone)]
struct App {
    #[auth(Digest)]
    users: Believer,
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, String>,
    #[auth(Basic)]
    passwords: FnVerifier<Basic, String>,
}

async fn answer<T: 'static>(
    handler: impl Handler<T, App>,
    credentials: Option<&str>,
) -> (StatusCode, Vec<String>) {
    let router = Router::new().route("/", any(handler)).with_state(App {
        users: Believer,
        tokens: FnVerifier::new(|_| Err(Cause::InvalidCredentials)),
        passwords: FnVerifier::new(|_| Err(Cause::InvalidCredentials)),
    });
    let mut request = Request::new(Body::empty());
    if let Some(credentials) = credentials {
        let value = credentials.try_into().unwrap();
        request.headers_mut().insert(header::AUTHORIZATION, value);
    }
    let response = router.oneshot(request).await.unwrap();
    let lines = response.headers().get_all(header::WWW_AUTHENTICATE);
    let lines = lines.iter().map(|line| line.to_str().unwrap().to_owned());
    (response.status(), lines.collect())
}

/// A field line for each challenge, in this order.
async fn asks<T: 'static>(handler: impl Handler<T, App>, challenges: &[&str]) {
    let (status, lines) = answer(handler.clone(), None).await;
    assert_eq!(status, StatusCode::UNAUTHORIZED);
    assert_eq!(lines, challenges);
}

async fn with_credentials<T: 'static>(handler: impl Handler<T, App>) -> StatusCode {
    let credentials = format!(
        r#"Digest username="ada", realm="API", nonce="n", uri="/", algorithm=SHA-256, qop=auth, nc=00000001, cnonce="c", response="{}""#,
        "0".repeat(64)
    );
    answer(handler, Some(&credentials)).await.0
}

const REALM: &str = "http-auth@example.org";

// D-1, D-2, D-3, D-20
#[tokio::test]
async fn what_is_not_written_has_its_default() {
    #[requires_auth(scheme = "Digest", realm = "API")]
    async fn orders(user: Authenticated<String>) -> String {
        user.into_inner()
    }
    asks(
        orders,
        &[r#"Digest realm="API", qop="auth", algorithm=SHA-256, charset=UTF-8, nonce="n""#],
    )
    .await;
    assert_eq!(with_credentials(orders).await, StatusCode::OK);
}

// D-1, D-18, D-19
#[tokio::test]
async fn every_key_arrives_in_each_challenge() {
    #[requires_auth(
        scheme = "Digest",
        realm = REALM,
        algorithm = "sha-512-256,SHA-256-sess, MD5",
        qop = "auth-int,auth",
        domain = "/a https://b.example/c",
        userhash,
        charset = none,
        opaque = "5ccc069c403ebaf9"
    )]
    async fn orders() {}
    let challenge = |algorithm| {
        format!(
            r#"Digest realm="http-auth@example.org", domain="/a https://b.example/c", qop="auth, auth-int", algorithm={algorithm}, opaque="5ccc069c403ebaf9", userhash=true, nonce="n""#
        )
    };
    let challenges = ["SHA-512-256", "SHA-256-sess", "MD5"].map(challenge);
    asks(orders, &challenges.each_ref().map(String::as_str)).await;
}

// H-12, D-18
#[tokio::test]
async fn beside_other_schemes_the_declared_order_holds() {
    #[requires_auth(realm = "API", any(Bearer, Digest(algorithm = "SHA-256, MD5"), Basic))]
    #[expect(deprecated, reason = "D-26")]
    async fn orders() {}
    asks(
        orders,
        &[
            r#"Bearer realm="API""#,
            r#"Digest realm="API", qop="auth", algorithm=SHA-256, charset=UTF-8, nonce="n""#,
            r#"Digest realm="API", qop="auth", algorithm=MD5, charset=UTF-8, nonce="n""#,
            r#"Basic realm="API", charset="UTF-8""#,
        ],
    )
    .await;
}

#[auth_policy(realm = REALM, any(Digest(algorithm = "SHA-256, MD5", userhash), Bearer))]
struct Users;

#[tokio::test]
async fn a_policy_can_be_narrowed() {
    #[requires_auth(Users, scope = "orders:read")]
    async fn list() {}
    #[requires_auth(Users, scope = "orders:write")]
    async fn change() {}
    #[requires_auth(Users, role = "clerk")]
    async fn count() {}
    let digest = |algorithm| {
        format!(
            r#"Digest realm="http-auth@example.org", qop="auth", algorithm={algorithm}, charset=UTF-8, userhash=true, nonce="n""#
        )
    };
    let (first, second) = (digest("SHA-256"), digest("MD5"));
    let scoped = r#"Bearer realm="http-auth@example.org", scope="orders:read""#;
    asks(list, &[&first, &second, scoped]).await;
    let plain = r#"Bearer realm="http-auth@example.org""#;
    asks(count, &[&first, &second, plain]).await;
    assert_eq!(with_credentials(list).await, StatusCode::OK);
    assert_eq!(with_credentials(change).await, StatusCode::FORBIDDEN);
    assert_eq!(with_credentials(count).await, StatusCode::FORBIDDEN);
}

#[requires_auth(Digest(realm = "API", qop = "auth, auth-int"))]
mod stock {
    pub(crate) async fn list() {}
}

#[tokio::test]
async fn a_module_can_ask_for_it() {
    asks(
        stock::list,
        &[
            r#"Digest realm="API", qop="auth, auth-int", algorithm=SHA-256, charset=UTF-8, nonce="n""#,
        ],
    )
    .await;
}
