//! A service that verifies JWTs itself and asks about opaque tokens: which answer wins, and who is asked.

use std::sync::Arc;

use auth_core::introspection::{Introspection, IntrospectionBuilder};
use auth_core::jwt::{Algorithm, Audience, Issuer, JwtVerifier, Key};
use auth_core::{AuthState, Authenticated, Clock, Revocation, Settings, requires_auth};
use auth_tests::introspector::{Introspector, active_but};
use auth_tests::tokens::{self, AUDIENCE, ISSUER, NOW, PAST, SECRET};
use axum::Router;
use axum::body::Body;
use axum::routing::get;
use http::Request;
use serde_json::json;
use tower::ServiceExt as _;

use super::{Claims, ENDPOINT, TOKEN, Told, builder, told};

enum Jwt {}
enum Opaque {}

#[derive(AuthState)]
struct Both {
    #[auth(Bearer, tag = Jwt)]
    jwts: JwtVerifier<Claims>,
    #[auth(Bearer, tag = Opaque)]
    opaque: Introspection<Claims>,
    #[auth(settings)]
    settings: Settings,
}

#[requires_auth(realm = "API", any(Bearer(verifier = Jwt), Bearer(verifier = Opaque)))]
async fn jwts_first(user: Authenticated<Claims>) -> String {
    user.sub.clone()
}

#[requires_auth(realm = "API", any(Bearer(verifier = Opaque), Bearer(verifier = Jwt)))]
async fn opaque_first(user: Authenticated<Claims>) -> String {
    user.sub.clone()
}

struct Service {
    router: Router,
    endpoint: Introspector,
}

impl Service {
    fn new() -> Self {
        Self::with(|it| it)
    }

    fn with(
        change: impl FnOnce(IntrospectionBuilder<Claims>) -> IntrospectionBuilder<Claims>,
    ) -> Self {
        let endpoint = Introspector::default();
        endpoint.says(&active_but("sub", json!("opaque")));
        let opaque = builder(ENDPOINT)
            .without_cache()
            .with_client(endpoint.clone());
        let both = Both {
            jwts: JwtVerifier::new(
                Issuer::new(ISSUER),
                Audience::new(AUDIENCE),
                [Algorithm::HS256],
                [Key::hs256(SECRET).unwrap().with_kid("hs")],
                Revocation::None,
            )
            .unwrap(),
            opaque: change(opaque).build().unwrap(),
            settings: Settings::new().with_clock(Clock::manual(NOW).0),
        };
        let router = Router::new()
            .route("/jwts_first", get(jwts_first))
            .route("/opaque_first", get(opaque_first))
            .with_state(Arc::new(both));
        Self { router, endpoint }
    }

    async fn get(&self, path: &str, token: &str) -> Told {
        let request = Request::get(path)
            .header("authorization", format!("Bearer {token}"))
            .body(Body::empty())
            .unwrap();
        told(self.router.clone().oneshot(request).await.unwrap()).await
    }
}

const PATHS: [&str; 2] = ["/jwts_first", "/opaque_first"];

fn expired() -> String {
    tokens::of(&tokens::claims_but("exp", PAST.into()))
}

fn forged() -> String {
    let (header, claims) = (tokens::header().to_string(), tokens::claims().to_string());
    tokens::hmac(b"another secret of 32 octets.....", &header, &claims)
}

#[tokio::test]
async fn each_token_is_judged_by_the_verifier_of_its_kind() {
    for path in PATHS {
        let service = Service::new();
        assert_eq!(service.get(path, &tokens::good()).await.body, "ada");
        assert_eq!(service.endpoint.calls(), 0, "{path}");
        assert_eq!(service.get(path, TOKEN).await.body, "opaque");
        assert_eq!(service.endpoint.calls(), 1, "{path}");
    }
}

#[tokio::test]
async fn no_jwt_is_asked_about_unless_that_was_chosen() {
    for path in PATHS {
        let service = Service::new();
        // Nor does it matter whether the endpoint is there.
        service.endpoint.says_text(500, "");
        for (token, error) in [
            (expired(), "token_expired"),
            (forged(), "invalid_token"),
            (
                tokens::of(&tokens::claims_but("aud", json!("x"))),
                "invalid_token",
            ),
            (format!("{}.a.b", tokens::good()), "invalid_token"),
        ] {
            let told = service.get(path, &token).await;
            assert_eq!(told.status, 401, "{path} {told:?}");
            assert!(
                told.challenge.contains("error=\"invalid_token\""),
                "{told:?}"
            );
            assert!(told.body.contains(error), "{path} {error} {told:?}");
        }
        assert_eq!(service.endpoint.calls(), 0, "{path}");
    }
}

#[tokio::test]
async fn j2_a_jwt_that_was_refused_gets_no_second_verdict_unless_that_was_chosen() {
    for path in PATHS {
        // The endpoint calls all tokens active.
        let service = Service::new();
        assert_eq!(service.get(path, &forged()).await.status, 401, "{path}");
        assert_eq!(service.endpoint.calls(), 0, "{path}");
        let service = Service::with(IntrospectionBuilder::also_jwts);
        assert_eq!(service.get(path, &forged()).await.body, "opaque", "{path}");
        assert_eq!(service.endpoint.calls(), 1, "{path}");
    }
}

#[tokio::test]
async fn a_good_jwt_is_asked_about_nowhere_if_its_verifier_comes_first() {
    let service = Service::with(IntrospectionBuilder::also_jwts);
    assert_eq!(
        service.get("/jwts_first", &tokens::good()).await.body,
        "ada"
    );
    assert_eq!(service.endpoint.calls(), 0);
    // The other way round it is asked about, and the endpoint decides.
    assert_eq!(
        service.get("/opaque_first", &tokens::good()).await.body,
        "opaque"
    );
    assert_eq!(service.endpoint.calls(), 1);
}

#[tokio::test]
async fn i5_v9_an_endpoint_that_is_down_is_503_and_no_401() {
    for path in PATHS {
        let service = Service::new();
        service.endpoint.says_text(500, "");
        let told = service.get(path, TOKEN).await;
        assert_eq!((told.status, told.challenge.as_str()), (503, ""), "{path}");
        assert!(told.retry_after.is_some());
        assert_eq!(service.get(path, &tokens::good()).await.body, "ada");
        service.endpoint.says_text(401, "");
        assert_eq!(service.get(path, TOKEN).await.status, 500, "{path}");
    }
}

#[tokio::test]
async fn what_tells_more_is_told() {
    for path in PATHS {
        let service = Service::with(IntrospectionBuilder::also_jwts);
        service.endpoint.says(&json!({"active": false}));
        // The JWT's own verifier knows more than "not active".
        let told = service.get(path, &expired()).await;
        assert!(told.body.contains("token_expired"), "{path} {told:?}");
        let told = service.get(path, TOKEN).await;
        assert!(told.body.contains("\"invalid_token\""), "{path} {told:?}");
        // Of an opaque token it knows nothing: the endpoint's word counts.
        service.endpoint.says(&active_but("exp", json!(PAST)));
        let told = service.get(path, TOKEN).await;
        assert!(told.body.contains("token_expired"), "{path} {told:?}");
    }
}
