//! The application under test: an opaque token and an API key in memory, open and guarded.

use std::collections::HashMap;
use std::hint::black_box;
use std::sync::Arc;

use auth_core::{
    ApiKeyGenerator, ApiKeys, AuthState, Authenticated, Bearer, BearerToken, Cause, FnVerifier,
    Registry, Verified, requires_auth,
};
use axum::Router;
use axum::routing::get;
use sha2::{Digest as _, Sha256};

use crate::hand;

/// Who a token or a key belongs to.
#[derive(Clone, Debug)]
pub struct User {
    /// Some name.
    pub name: String,
}

/// A token that [`state`] knows: 256 random bits in base64url.
pub const TOKEN: &str = "Tq2p5-yS0dIkzR2c8HkYw3Zr5uYx0mJ4r1v7bV9nE6A";

/// The state, with what guards it and, beside it, what the hand-written extractors look into.
#[derive(AuthState, Debug)]
pub struct App {
    #[auth(Bearer)]
    tokens: FnVerifier<Bearer, User>,
    #[auth(ApiKey)]
    keys: ApiKeys<User>,
    pub(crate) users: Arc<HashMap<String, Arc<User>>>,
    pub(crate) owners: HashMap<[u8; 32], Arc<User>>,
}

/// A state that knows [`TOKEN`], and the API key that it knows as well.
pub fn state() -> (Arc<App>, String) {
    let user = Arc::new(User { name: "ada".into() });
    let users = Arc::new(HashMap::from([(TOKEN.to_owned(), Arc::clone(&user))]));
    let (key, hash) = ApiKeyGenerator::new("bench")
        .expect("a prefix")
        .generate()
        .expect("randomness");
    let keys = ApiKeys::new();
    keys.insert(&hash, Arc::clone(&user));
    let owners = HashMap::from([(Sha256::digest(key.expose()).into(), user)]);
    let app = App {
        tokens: tokens(Arc::clone(&users)),
        keys,
        users,
        owners,
    };
    (Arc::new(app), key.expose().clone())
}

fn tokens(users: Arc<HashMap<String, Arc<User>>>) -> FnVerifier<Bearer, User> {
    FnVerifier::new(move |token: BearerToken<'_>| {
        users
            .get(token.expose())
            .map(|user| Verified::shared(Arc::clone(user)))
            .ok_or(Cause::InvalidCredentials)
    })
}

/// The same verifier of [`TOKEN`], for frameworks that know no state by its type.
pub fn registry(app: &App) -> Registry {
    let registry = Registry::builder().bearer(tokens(Arc::clone(&app.users)));
    registry.build().expect("one verifier")
}

async fn open() -> &'static str {
    "ok"
}

#[requires_auth(scheme = "Bearer", realm = "API")]
async fn token(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

#[requires_auth(scheme = "ApiKey", header = "X-API-Key", realm = "API")]
async fn key(user: Authenticated<User>) -> &'static str {
    black_box(&user.name);
    "ok"
}

async fn token_by_hand(user: hand::Token) -> &'static str {
    black_box(&user.0.name);
    "ok"
}

async fn key_by_hand(user: hand::Key) -> &'static str {
    black_box(&user.0.name);
    "ok"
}

/// An unguarded handler.
pub fn unguarded(app: &Arc<App>) -> Router {
    Router::new()
        .route("/", get(open))
        .with_state(Arc::clone(app))
}

/// Guarded by an opaque token, ours and by hand.
pub fn by_token(app: &Arc<App>) -> [Router; 2] {
    [
        Router::new().route("/", get(token)),
        Router::new().route("/", get(token_by_hand)),
    ]
    .map(|router| router.with_state(Arc::clone(app)))
}

/// Guarded by an API key, ours and by hand.
pub fn by_key(app: &Arc<App>) -> [Router; 2] {
    [
        Router::new().route("/", get(key)),
        Router::new().route("/", get(key_by_hand)),
    ]
    .map(|router| router.with_state(Arc::clone(app)))
}

/// All by an opaque token, on one server: `/open`, `/auth` and `/hand`, names of one length.
pub fn beside(app: &Arc<App>) -> Router {
    Router::new()
        .route("/open", get(open))
        .route("/auth", get(token))
        .route("/hand", get(token_by_hand))
        .with_state(Arc::clone(app))
}
