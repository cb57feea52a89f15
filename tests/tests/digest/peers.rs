//! Clients that others wrote log in to the whole server (D-5, D-7).

use std::sync::Arc;

use auth_core::digest::{DigestUserList, DigestVerifier, NonceSecret};
use auth_core::http::GuardedBody;
use auth_core::{
    Accepts, AuthState, Authenticated, DigestAlgorithm, Policy, RequestView, auth_policy,
};
use auth_tests::digest::challenges;
use bytes::Bytes;
use http::{HeaderValue, Method, Request, Response, header};
use http_body_util::Full;
use proptest::prelude::*;

const PLAIN: &str = "api@example.org";
/// N-5: some clients cannot answer such a one.
const ESCAPED: &str = r#"The "old" \ realm"#;

#[auth_policy(
    scheme = "Digest",
    realm = PLAIN,
    algorithm = "SHA-256, SHA-512-256, MD5, SHA-256-sess, SHA-512-256-sess, MD5-sess",
    qop = "auth, auth-int"
)]
struct Named;

#[auth_policy(
    scheme = "Digest",
    realm = ESCAPED,
    algorithm = "SHA-256, SHA-512-256, MD5, SHA-256-sess, SHA-512-256-sess, MD5-sess",
    opaque = "5ccc069c403ebaf9",
    userhash
)]
struct Hashed;

#[derive(AuthState)]
struct App {
    #[auth(Digest)]
    users: DigestVerifier<DigestUserList<String>>,
}

#[derive(Clone, Debug)]
struct Asked {
    user: String,
    password: String,
    wrong: String,
    method: String,
    target: String,
    content: Option<Vec<u8>>,
    /// Which challenge is answered: not that of MD5-sess, where the cnonces of these clients look like a hash, which a key
    /// of a session must not end with.
    at: usize,
    requests: u32,
}

prop_compose! {
    fn asked()(
        user in "[^:\\pC]{1,30}",
        password in "\\PC{1,30}",
        wrong in "\\PC{1,30}",
        method in "(GET|HEAD|POST|PROPFIND|X)",
        target in "/[!$&-;=@-Z_a-z~]{0,60}(\\?[!$&-;=@-Z_a-z~]{0,60})?",
        content in prop::option::of(prop::collection::vec(any::<u8>(), 0..200)),
        at in 0..5_usize,
        requests in 1..6_u32,
    ) -> Asked {
        Asked { user, password, wrong, method, target, content, at, requests }
    }
}

impl Asked {
    fn app(&self) -> Arc<App> {
        let kinds = [PLAIN, ESCAPED].into_iter().flat_map(|realm| {
            DigestAlgorithm::ALL
                .iter()
                .map(move |algorithm| (realm, *algorithm))
        });
        let users = DigestUserList::builder(kinds)
            .user(&self.user, &self.password, self.user.clone())
            .unwrap()
            .build()
            .unwrap();
        let secret = NonceSecret::random().unwrap();
        let users = DigestVerifier::builder(users, secret).build().unwrap();
        Arc::new(App { users })
    }

    fn send<P>(&self, app: &App, field: Option<&str>) -> Result<String, Box<Response<Bytes>>>
    where
        P: Policy<Accepts: Accepts<App, Authenticated<String>>>,
    {
        let content = self.content.clone().unwrap_or_default();
        let mut request = Request::builder()
            .method(Method::from_bytes(self.method.as_bytes()).unwrap())
            .uri(&self.target)
            .body(Full::new(Bytes::from(content)))
            .unwrap();
        if let Some(field) = field {
            let value = HeaderValue::from_bytes(field.as_bytes()).unwrap();
            request.headers_mut().insert(header::AUTHORIZATION, value);
        }
        let request = GuardedBody::received(request);
        let decided = tokio::runtime::Builder::new_current_thread()
            .build()
            .unwrap()
            .block_on(auth_core::http::check::<P, Authenticated<String>, _>(
                app,
                RequestView::of(&request),
            ));
        decided
            .map(Authenticated::into_inner)
            .map_err(|refusal| Box::new(refusal.into_response()))
    }

    /// What a client answers to a challenge, again and again, is admitted each time; and what one with another password
    /// answers is not.
    fn logs_in<P, C>(&self, client: impl Fn(&str) -> C, answer: impl Fn(&mut C, &str) -> String)
    where
        P: Policy<Accepts: Accepts<App, Authenticated<String>>>,
    {
        let app = self.app();
        let challenges = challenges(&self.send::<P>(&app, None).unwrap_err());
        let challenge = &challenges[self.at];
        let mut client_ = client(challenge);
        for _ in 0..self.requests {
            let field = answer(&mut client_, &self.password);
            let admitted = self.send::<P>(&app, Some(&field));
            assert_eq!(
                admitted.ok().as_ref(),
                Some(&self.user),
                "{challenge} {field}"
            );
            // Once.
            assert!(self.send::<P>(&app, Some(&field)).is_err(), "{field}");
        }
        if normal(&self.wrong) != normal(&self.password) {
            let field = answer(&mut client_, &self.wrong);
            assert!(self.send::<P>(&app, Some(&field)).is_err(), "{field}");
        }
    }
}

/// The clients of others take names as they are, where RFC 7616 §4 wants normalisation form C.
fn normal(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfc().collect()
}

fn http_auth<P>(asked: &Asked)
where
    P: Policy<Accepts: Accepts<App, Authenticated<String>>>,
{
    let client = |challenge: &str| {
        let challenges = http_auth::parse_challenges(challenge).unwrap();
        http_auth::DigestClient::try_from(&challenges[0]).unwrap()
    };
    asked.logs_in::<P, _>(client, |client, password| {
        let params = http_auth::PasswordParams {
            username: &asked.user,
            password,
            uri: &asked.target,
            method: &asked.method,
            // http-auth 0.1.10 does auth-int wrong.
            body: None,
        };
        client.respond(&params).unwrap()
    });
}

fn digest_auth<P>(asked: &Asked)
where
    P: Policy<Accepts: Accepts<App, Authenticated<String>>>,
{
    let client = |challenge: &str| digest_auth::parse(challenge).unwrap();
    asked.logs_in::<P, _>(client, |client, password| {
        let context = digest_auth::AuthContext::new_with_method(
            asked.user.as_str(),
            password,
            asked.target.as_str(),
            asked.content.as_deref(),
            digest_auth::HttpMethod::from(asked.method.as_str()),
        );
        client.respond(&context).unwrap().to_string()
    });
}

fn normalized(asked: Asked) -> Asked {
    Asked {
        user: normal(&asked.user),
        password: normal(&asked.password),
        wrong: normal(&asked.wrong),
        ..asked
    }
}

proptest! {
    #[test]
    fn d5_http_auth_logs_in(asked in asked()) {
        let asked = normalized(asked);
        http_auth::<Named>(&asked);
        http_auth::<Hashed>(&asked);
    }

    #[test]
    fn d5_d7_digest_auth_logs_in(asked in asked()) {
        let asked = normalized(asked);
        digest_auth::<Named>(&asked);
        digest_auth::<Hashed>(&asked);
    }
}
