//! A panic in the application's own code leaves nobody waiting (V9).

use std::sync::Arc;

use auth_core::introspection::ClientAuth;
use auth_core::jwt::Audience;
use auth_core::{
    AuthState, Authenticated, Clock, Introspection, Revocation, Secret, requires_auth,
};
use auth_tests::introspector::Introspector;
use auth_tests::tokens::{AUDIENCE, NOW};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use tower::ServiceExt as _;

use super::failures::unavailable;
use super::{ENDPOINT, TOKEN, told};

/// `Claims` that do not survive being read.
#[derive(Clone)]
struct Panics;

impl<'de> serde::Deserialize<'de> for Panics {
    fn deserialize<D: serde::Deserializer<'de>>(_: D) -> Result<Self, D::Error> {
        panic!("of a test")
    }
}

#[tokio::test]
async fn v9_claims_that_panic_leave_nobody_waiting() {
    #[derive(AuthState)]
    struct App {
        #[auth(Bearer)]
        tokens: Introspection<Panics>,
    }
    #[requires_auth(scheme = "Bearer", realm = "API")]
    async fn plain(_user: Authenticated<Panics>) {}

    let endpoint = Introspector::default();
    let tokens = Introspection::builder(
        ENDPOINT,
        ClientAuth::basic("orders", Secret::new("hunter2".to_owned())),
        Audience::new(AUDIENCE),
        Revocation::None,
    );
    let clock = Clock::manual(NOW).0;
    let tokens = tokens
        .with_client(endpoint)
        .with_clock(clock)
        .build()
        .unwrap();
    let app = App {
        tokens: tokens.clone(),
    };
    let router = Router::new()
        .route("/", get(plain))
        .with_state(Arc::new(app));
    let request = Request::get("/")
        .header("authorization", format!("Bearer {TOKEN}"))
        .body(Body::empty())
        .unwrap();
    let answer = router.oneshot(request).await.unwrap();
    unavailable(&told(answer).await, "ended without a result");
    assert_eq!(tokens.health().under_way, 0);
}
