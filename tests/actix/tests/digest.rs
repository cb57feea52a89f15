//! Digest (RFC 7616): the content of requests, `Authentication-Info`, and guards behind guards.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::sync::Arc;

use actix_web::dev::{Service, ServiceResponse};
use actix_web::test::{TestRequest, init_service, read_body};
use actix_web::{App, web};
use auth_actix::Counted;
use auth_core::actix::{GuardedScope, post};
use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::testing::DigestLogin;
use auth_core::{
    AuthState, Authenticated, Cause, DigestAlgorithm, Registry, auth_policy, requires_auth,
};

type Users = DigestVerifier<DigestUserList<&'static str>>;

#[derive(AuthState)]
struct Doors {
    #[auth(Digest)]
    users: Users,
}

#[auth_policy(scheme = "Digest", realm = "API", qop = "auth, auth-int")]
struct Signed;

#[requires_auth(Signed)]
async fn echo(user: Authenticated<&'static str>, body: String) -> String {
    format!("{}: {body}", *user)
}

fn users() -> Users {
    let users = DigestUserList::builder([("API", DigestAlgorithm::Sha256)])
        .user("ann", "open sesame", "Ann")
        .unwrap()
        .build()
        .unwrap();
    let secret = NonceSecret::new([7; 32]).unwrap();
    let verifier = DigestVerifier::builder(users, secret).with_max_content_len(14);
    verifier.build().unwrap()
}

/// A handler in a scope, the same behind a guard of its own, and the same as actix-web routes it.
async fn app()
-> impl Service<actix_http::Request, Response = ServiceResponse, Error = actix_web::Error> {
    let doors = Arc::new(Doors { users: users() });
    let inner = Arc::clone(&doors);
    let scope = GuardedScope::new("", doors)
        .route("/one", post(echo))
        .guarded_service::<Signed>("/in", move |config| {
            config.service(post(echo).resource("/two", &inner));
        })
        .undecided("it has a guard", |config| {
            let registry = Registry::builder().with(users()).build().unwrap();
            config.app_data(registry);
            config.route("/bare", web::post().to(echo));
        });
    init_service(App::new().service(scope)).await
}

async fn told(
    app: &impl Service<actix_http::Request, Response = ServiceResponse, Error = actix_web::Error>,
    path: &str,
    authorization: Option<&http::HeaderValue>,
    content: &'static str,
) -> (ServiceResponse, usize) {
    let mut request = TestRequest::post().uri(path);
    if let Some(authorization) = authorization {
        request = request.insert_header(("authorization", authorization.as_bytes()));
    }
    let (first, second) = content.split_at(content.len() / 2);
    let (payload, polls) = Counted::of(vec![first, second]);
    let (request, _) = request.to_request().replace_payload(payload);
    (app.call(request).await.unwrap(), polls.get())
}

#[actix_web::test]
async fn the_content_is_seen_and_stays_what_it_was() {
    let app = app().await;
    for path in ["/one", "/in/two", "/bare"] {
        let (refused, polls) = told(&app, path, None, "two pears").await;
        assert_eq!((refused.status().as_u16(), polls), (401, 0), "{path}");
        let challenge = refused.headers().get("www-authenticate").unwrap();
        let challenge = http::HeaderValue::from_bytes(challenge.as_bytes()).unwrap();

        let mut ann = DigestLogin::new("ann", "open sesame");
        let method = http::Method::POST;
        let signed = ann.answer_with_content(&challenge, &method, path, "two pears".as_bytes());
        let signed = signed.unwrap();
        // Other content, and content that is too long, of which no more is read than shows it.
        let (other, _) = told(&app, path, Some(&signed), "two pairs").await;
        assert_eq!(other.status(), 401, "{path}");
        let (long, _) = told(&app, path, Some(&signed), "two pears or three").await;
        assert_eq!(long.status(), 413, "{path}");
        assert_eq!(
            long.response().extensions().get(),
            Some(&Cause::ContentTooLarge)
        );

        // D-10: what the outer guard has used up is no replay for the inner one.
        let (admitted, _) = told(&app, path, Some(&signed), "two pears").await;
        assert_eq!(admitted.status(), 200, "{path}");
        let infos = admitted.headers().get_all("authentication-info").count();
        assert_eq!(infos, usize::from(path != "/bare"), "{path}");
        assert_eq!(read_body(admitted).await, "Ann: two pears");
        let (again, _) = told(&app, path, Some(&signed), "two pears").await;
        assert_eq!(
            again.response().extensions().get(),
            Some(&Cause::StaleNonce)
        );
    }
}
