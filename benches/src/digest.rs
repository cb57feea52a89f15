//! Digest: the application under test, a client, and what nobody can do without.

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use auth_core::axum::{GuardedRouter, get, post};
use auth_core::digest::{DigestUserList, DigestVerifier, MemoryNonceCounts, NonceSecret};
use auth_core::{
    AuthState, Authenticated, DigestAlgorithm, Policy, Refusal, RequestView, Unseen, auth_policy,
    http::check, requires_auth,
};
use axum::Router;
use axum::body::{Body, Bytes};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use hmac::{Hmac, KeyInit as _, Mac as _};
use http::header::{AUTHORIZATION, WWW_AUTHENTICATE};
use http::{HeaderValue, Method, Request, Response, StatusCode};
use md5::Md5;
use sha2::{Digest as Hash, Sha256, Sha512_256};

use crate::app::User;
use crate::request::{Template, answer};

const REALM: &str = "http-auth@example.org";
const NAME: &str = "Mufasa";
const PASSWORD: &str = "Circle of Life";

/// Longer than a run.
const LIFETIME: Duration = Duration::from_hours(24);

/// The algorithms, with the path that offers each.
pub const ALGORITHMS: [(DigestAlgorithm, &str); 3] = [
    (DigestAlgorithm::Sha256, "/sha-256"),
    (DigestAlgorithm::Sha512_256, "/sha-512-256"),
    (DigestAlgorithm::Md5, "/md5"),
];

/// Who checks Digest credentials.
#[derive(AuthState, Debug)]
pub struct App {
    #[auth(Digest)]
    users: DigestVerifier<DigestUserList<User>>,
}

/// A state that remembers the counts of so many nonces.
pub fn state(counts: usize) -> Arc<App> {
    let kinds = ALGORITHMS.map(|(algorithm, _)| (REALM, algorithm));
    let user = User { name: NAME.into() };
    let users = DigestUserList::builder(kinds)
        .user(NAME, PASSWORD, user)
        .and_then(auth_core::digest::DigestUserListBuilder::build);
    let secret = NonceSecret::new([7; 32]).expect("long enough");
    let users = DigestVerifier::builder(users.expect("a user"), secret)
        .with_nonce_lifetime(LIFETIME)
        .with_counts(MemoryNonceCounts::new(counts))
        .build();
    Arc::new(App {
        users: users.expect("a lifetime"),
    })
}

#[auth_policy(
    scheme = "Digest",
    realm = "http-auth@example.org",
    algorithm = "SHA-256",
    qop = "auth"
)]
struct Sha;

#[requires_auth(Sha)]
async fn sha_256(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

#[requires_auth(
    scheme = "Digest",
    realm = "http-auth@example.org",
    algorithm = "SHA-512-256"
)]
async fn sha_512_256(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

#[requires_auth(scheme = "Digest", realm = "http-auth@example.org", algorithm = "MD5")]
async fn md5(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

#[requires_auth(
    scheme = "Digest",
    realm = "http-auth@example.org",
    algorithm = "SHA-256, MD5"
)]
async fn two(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

#[requires_auth(
    scheme = "Digest",
    realm = "http-auth@example.org",
    qop = "auth, auth-int"
)]
async fn content(user: Authenticated<User>, content: Bytes) -> &'static str {
    black_box((&user.name, content));
    "ok"
}

async fn open() -> &'static str {
    "ok"
}

async fn open_content(content: Bytes) -> &'static str {
    black_box(content);
    "ok"
}

/// All of them, one path for each algorithm, `/two` for two, and `/content` for `auth-int`.
pub fn guarded(app: &Arc<App>) -> Router {
    GuardedRouter::new()
        .route("/sha-256", get(sha_256))
        .route("/sha-512-256", get(sha_512_256))
        .route("/md5", get(md5))
        .route("/two", get(two))
        .route("/content", post(content))
        .with_state(Arc::clone(app))
        .into_router()
}

/// Without what lets a guard add `Authentication-Info`.
pub fn without_info(app: &Arc<App>) -> Router {
    Router::new()
        .route("/sha-256", axum::routing::get(sha_256))
        .with_state(Arc::clone(app))
}

/// The same paths, not guarded.
pub fn unguarded(app: &Arc<App>) -> Router {
    Router::new()
        .route("/sha-256", axum::routing::get(open))
        .route("/content", axum::routing::post(open_content))
        .with_state(Arc::clone(app))
}

/// The decision on a request for `/sha-256` without a framework around it.
pub fn refuse(app: &App, request: &Request<Body>) -> Refusal {
    fn refuse<P>(app: &App, request: &Request<Body>) -> Refusal
    where
        P: Policy,
        P::Accepts: auth_core::Accepts<App, Unseen>,
    {
        let decision = crate::request::run(check::<P, Unseen, _>(app, RequestView::of(request)));
        decision.expect_err("a refusal")
    }
    refuse::<Sha>(app, request)
}

/// A request for a path, with this content and no credentials.
pub fn request(path: &'static str, content: &Bytes) -> Request<Body> {
    let mut request = Template::without_credentials().request();
    *request.uri_mut() = http::Uri::from_static(path);
    if path == "/content" {
        *request.method_mut() = Method::POST;
        *request.body_mut() = Body::from(content.clone());
    }
    request
}

/// The same with credentials.
pub fn with_credentials(
    path: &'static str,
    content: &Bytes,
    credentials: &HeaderValue,
) -> Request<Body> {
    let mut request = request(path, content);
    let fields = request.headers_mut();
    fields.insert(AUTHORIZATION, credentials.clone());
    request
}

/// A client that answers one challenge after the other.
#[derive(Clone, Debug)]
pub struct Client {
    algorithm: DigestAlgorithm,
    path: &'static str,
    content: Bytes,
    user: &'static str,
    password: &'static str,
    nonce: String,
    count: u32,
}

impl Client {
    /// Asks for the path, and keeps the nonce of the challenge.
    pub fn new(
        router: &Router,
        algorithm: DigestAlgorithm,
        path: &'static str,
        content: &Bytes,
    ) -> Self {
        let challenge = answer(router, request(path, content));
        Self {
            algorithm,
            path,
            content: content.clone(),
            user: NAME,
            password: PASSWORD,
            nonce: nonce(&challenge),
            count: 0,
        }
    }

    /// With another password.
    #[must_use]
    pub fn with_password(mut self, password: &'static str) -> Self {
        self.password = password;
        self
    }

    /// With another name.
    #[must_use]
    pub fn with_user(mut self, user: &'static str) -> Self {
        self.user = user;
        self
    }

    /// With another nonce.
    #[must_use]
    pub fn with_nonce(mut self, nonce: &str) -> Self {
        nonce.clone_into(&mut self.nonce);
        self
    }

    /// What the digest of the next request is made of.
    pub fn bare(&mut self) -> Bare {
        self.count += 1;
        Bare {
            algorithm: self.algorithm,
            user: hex(
                self.algorithm,
                &[
                    self.user.as_bytes(),
                    REALM.as_bytes(),
                    self.password.as_bytes(),
                ],
            ),
            method: if self.path == "/content" {
                "POST"
            } else {
                "GET"
            },
            path: self.path,
            content: (self.path == "/content").then(|| self.content.clone()),
            nonce: self.nonce.clone(),
            count: format!("{:08x}", self.count),
            cnonce: URL_SAFE_NO_PAD
                .encode([self.count.to_be_bytes(), [0x5a; 4]].concat().repeat(3)),
        }
    }

    /// The credentials of the next request.
    #[expect(clippy::should_implement_trait, reason = "there is no end of them")]
    pub fn next(&mut self) -> HeaderValue {
        let bare = self.bare();
        let text = format!(
            "Digest username=\"{}\", realm=\"{REALM}\", nonce=\"{}\", uri=\"{}\", cnonce=\"{}\", \
             nc={}, qop={}, response=\"{}\", algorithm={}",
            self.user,
            bare.nonce,
            bare.path,
            bare.cnonce,
            bare.count,
            bare.qop(),
            bare.response(),
            self.algorithm.name(),
        );
        let value = HeaderValue::from_maybe_shared(Bytes::from(text)).expect("a field value");
        // From the first copy on it is shared, as it is when hyper has read it.
        let _ = value.clone();
        value
    }

    /// The next request.
    pub fn request(&mut self) -> Request<Body> {
        let credentials = self.next();
        with_credentials(self.path, &self.content, &credentials)
    }
}

/// The nonce of a challenge.
fn nonce<B>(response: &Response<B>) -> String {
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
    let challenge = response.headers()[WWW_AUTHENTICATE].to_str();
    let (_, behind) = challenge
        .expect("text")
        .split_once("nonce=\"")
        .expect("a nonce");
    behind.split('"').next().expect("a nonce").to_owned()
}

/// The hashes that RFC 7616 asks for, by hand.
#[derive(Debug)]
pub struct Bare {
    algorithm: DigestAlgorithm,
    user: String,
    method: &'static str,
    path: &'static str,
    content: Option<Bytes>,
    nonce: String,
    count: String,
    cnonce: String,
}

impl Bare {
    fn qop(&self) -> &'static str {
        if self.content.is_some() {
            "auth-int"
        } else {
            "auth"
        }
    }

    /// `response`.
    pub fn response(&self) -> String {
        self.with(self.method, self.content.as_deref())
    }

    /// `response`, the code over the nonce, and `rspauth`.
    pub fn all(&self) -> [String; 2] {
        black_box(code(&self.nonce));
        let content = self.content.is_some().then_some(b"ok".as_slice());
        [self.response(), self.with("", content)]
    }

    fn with(&self, method: &str, content: Option<&[u8]>) -> String {
        let (method, path) = (method.as_bytes(), self.path.as_bytes());
        let a2 = match content {
            None => hex(self.algorithm, &[method, path]),
            Some(content) => {
                let content = hex(self.algorithm, &[content]);
                hex(self.algorithm, &[method, path, content.as_bytes()])
            }
        };
        hex(
            self.algorithm,
            &[
                self.user.as_bytes(),
                self.nonce.as_bytes(),
                self.count.as_bytes(),
                self.cnonce.as_bytes(),
                self.qop().as_bytes(),
                a2.as_bytes(),
            ],
        )
    }
}

/// A nonce with a code over it, which is what one has to hold at least that needs no memory.
pub fn bare_nonce() -> String {
    let mut nonce = [0; 40];
    getrandom::fill(&mut nonce).expect("randomness");
    let code = code(REALM);
    nonce[24..].copy_from_slice(&code[..16]);
    URL_SAFE_NO_PAD.encode(nonce)
}

fn code(nonce: &str) -> [u8; 32] {
    let mut code = Hmac::<Sha256>::new_from_slice(&[7; 32]).expect("a key");
    code.update(nonce.as_bytes());
    code.finalize().into_bytes().into()
}

fn hex(algorithm: DigestAlgorithm, parts: &[&[u8]]) -> String {
    match algorithm {
        DigestAlgorithm::Md5 => hex_of::<Md5>(parts),
        DigestAlgorithm::Sha256 => hex_of::<Sha256>(parts),
        _ => hex_of::<Sha512_256>(parts),
    }
}

fn hex_of<H: Hash>(parts: &[&[u8]]) -> String {
    let mut hash = H::new();
    for (at, part) in parts.iter().enumerate() {
        if at > 0 {
            hash.update(b":");
        }
        hash.update(part);
    }
    let mut hex = String::with_capacity(64);
    for octet in hash.finalize() {
        for nibble in [octet >> 4, octet & 0xf] {
            hex.push(char::from(b"0123456789abcdef"[usize::from(nibble)]));
        }
    }
    hex
}
