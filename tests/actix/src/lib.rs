//! What the tests of the adapter for actix-web share: verifiers of both paces, and a body that counts.

#![allow(
    missing_docs,
    missing_debug_implementations,
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::missing_panics_doc,
    reason = "code of tests"
)]

use std::cell::Cell;
use std::pin::Pin;
use std::rc::Rc;
use std::sync::Arc;
use std::task::{Context, Poll};

use actix_web::dev::Payload;
use actix_web::error::PayloadError;
use auth_core::{
    ApiKey, ApiKeyCredentials, AuthState, Bearer, BearerToken, Cause, FnVerifier, Grants, Registry,
    RequestView, Settings, Verified, Verifier,
};
use auth_tests::app::Pace;
use bytes::Bytes;
use futures_util::Stream;

/// What a token says.
#[derive(Clone)]
pub struct Claims {
    pub sub: String,
}

#[derive(Clone)]
pub struct User {
    pub name: String,
}

impl From<Claims> for User {
    fn from(claims: Claims) -> Self {
        Self { name: claims.sub }
    }
}

#[derive(Clone)]
pub struct Partner(pub String);

/// Knows the tokens `good` and `narrow`.
pub struct Tokens(pub Pace);

impl Verifier for Tokens {
    type Scheme = Bearer;
    type Identity = Claims;

    async fn verify<'r>(
        &'r self,
        token: BearerToken<'r>,
        _: &'r RequestView<'r>,
    ) -> Result<Verified<Claims>, Cause> {
        if self.0 == Pace::Awaiting {
            tokio::task::yield_now().await;
        }
        let grants = match token.expose() {
            "good" => Grants::none().with_scopes(["orders:read"]),
            "narrow" => Grants::none(),
            _ => return Err(Cause::invalid_token("unknown")),
        };
        let claims = Claims { sub: "ada".into() };
        Ok(Verified::new(claims).with_grants(grants))
    }
}

/// Knows the key `k-1`.
#[must_use]
pub fn keys() -> FnVerifier<ApiKey, Partner> {
    FnVerifier::new(|key: ApiKeyCredentials<'_>| match key.expose() {
        "k-1" => Ok(Verified::new(Partner("acme".into()))),
        _ => Err(Cause::InvalidCredentials),
    })
}

/// For extractors that see no state.
#[must_use]
pub fn registry(pace: Pace) -> Registry {
    Registry::builder()
        .with(Tokens(pace))
        .also_as::<User>()
        .with(keys())
        .build()
        .unwrap()
}

/// For routes that know their state.
#[derive(AuthState)]
pub struct Shop {
    #[auth(Bearer)]
    tokens: Tokens,
    #[auth(ApiKey)]
    keys: FnVerifier<ApiKey, Partner>,
    #[auth(settings)]
    settings: Settings,
}

impl Shop {
    #[must_use]
    pub fn new(pace: Pace) -> Arc<Self> {
        Arc::new(Self {
            tokens: Tokens(pace),
            keys: keys(),
            settings: Settings::new(),
        })
    }
}

/// A body in two pieces that counts how often it is polled.
pub struct Counted {
    pieces: Vec<&'static str>,
    polls: Rc<Cell<usize>>,
}

impl Counted {
    /// The body, and the count.
    #[must_use]
    pub fn of(mut pieces: Vec<&'static str>) -> (Payload, Rc<Cell<usize>>) {
        pieces.reverse();
        let polls = Rc::default();
        let body = Self {
            pieces,
            polls: Rc::clone(&polls),
        };
        let payload = Box::pin(body);
        (Payload::Stream { payload }, polls)
    }
}

impl Stream for Counted {
    type Item = Result<Bytes, PayloadError>;

    fn poll_next(mut self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.polls.set(self.polls.get() + 1);
        let piece = self.pieces.pop();
        Poll::Ready(piece.map(|piece| Ok(Bytes::from_static(piece.as_bytes()))))
    }
}
