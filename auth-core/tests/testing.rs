//! What feature `testing` gives to applications (DD19).
#![cfg(feature = "testing")]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use std::future::Future;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use auth_core::testing::{Accepting, TestScheme, TokenMinter, accepts};
use auth_core::{
    ApiKey, AuthState, Authenticated, Basic, Bearer, Cause, Clock, Grants, JwtVerifier,
    RequestView, auth_policy,
};

#[auth_policy(any(
    Bearer(realm = "API", scope = "read"),
    Basic(realm = "Dev zone"),
    ApiKey(realm = "API", header = "X-API-Key")
))]
struct Any;

#[derive(AuthState)]
struct App {
    #[auth(Bearer)]
    tokens: Accepting<Bearer, &'static str>,
    #[auth(Basic)]
    passwords: Accepting<Basic, &'static str>,
    #[auth(ApiKey)]
    keys: Accepting<ApiKey, &'static str>,
}

fn app() -> App {
    App {
        tokens: accepts("t-1", "ann").with_grants(Grants::none().with_scopes(["read"])),
        passwords: accepts("test:123£", "bob"),
        keys: accepts("k-1", "carol"),
    }
}

fn run<F: Future>(future: F) -> F::Output {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(output) => output,
        Poll::Pending => panic!("awaits nothing"),
    }
}

fn ask(app: &App, field: &str, value: &str) -> Result<&'static str, Cause> {
    let request = http::Request::builder()
        .header(field, value)
        .body(())
        .unwrap();
    let found: Result<Authenticated<&'static str>, _> = run(auth_core::http::check::<Any, _, _>(
        app,
        RequestView::of(&request),
    ));
    found
        .map(|caller| *caller)
        .map_err(|refusal| refusal.cause().clone())
}

#[test]
fn a_given_identity_comes_through_the_real_pipeline() {
    let app = app();
    assert_eq!(ask(&app, "Authorization", "bearer t-1"), Ok("ann"));
    // RFC 7617 §2.1
    assert_eq!(
        ask(&app, "Authorization", "Basic dGVzdDoxMjPCow=="),
        Ok("bob")
    );
    assert_eq!(ask(&app, "X-API-Key", "k-1"), Ok("carol"));
}

#[test]
fn other_credentials_are_refused() {
    let app = app();
    for (field, value) in [
        ("Authorization", "Bearer t-2"),
        ("Authorization", "Bearer t-11"),
        ("Authorization", "Bearer t-"),
        ("Authorization", "Basic dGVzdDoxMjM="), // test:123
        ("Authorization", "Basic dGVzOjEyM8Kj"), // tes:123£
        ("X-API-Key", "k-2"),
    ] {
        assert_eq!(
            ask(&app, field, value),
            Err(Cause::InvalidCredentials),
            "{value}"
        );
    }
    // Nothing around the verifier is skipped: grammar, carriers, scopes.
    assert!(matches!(
        ask(&app, "Authorization", "Bearer t-1, t-1"),
        Err(Cause::InvalidRequest(_))
    ));
    let without_scope = App {
        tokens: accepts("t-1", "ann"),
        ..app
    };
    assert_eq!(
        ask(&without_scope, "Authorization", "Bearer t-1"),
        Err(Cause::InsufficientScope)
    );
}

#[test]
fn v28_nothing_is_printed() {
    fn printed<S: TestScheme>() -> String {
        format!("{:?}", accepts::<S, _>("s3cret:s3cret", "s3cret"))
    }
    for text in [printed::<Bearer>(), printed::<Basic>(), printed::<ApiKey>()] {
        assert_eq!(text, "Accepting([redacted])");
    }
}

#[auth_policy(scheme = "Bearer", realm = "API", scope = "orders:read")]
struct Orders;

#[derive(Clone, serde::Deserialize)]
struct Claims {
    sub: String,
}

#[derive(AuthState)]
struct Service {
    #[auth(Bearer)]
    tokens: JwtVerifier<Claims>,
}

#[test]
fn minted_tokens_meet_the_real_verifier() {
    let (clock, hand) = Clock::manual(1_759_312_800);
    let minter = TokenMinter::new().unwrap().with_clock(clock);
    let service = Service {
        tokens: minter.verifier().unwrap(),
    };
    let ask = |token: &str| {
        let request = http::Request::builder()
            .header("Authorization", format!("Bearer {token}"))
            .body(())
            .unwrap();
        let found: Result<Authenticated<Claims>, _> = run(auth_core::http::check::<Orders, _, _>(
            &service,
            RequestView::of(&request),
        ));
        found
            .map(|caller| caller.sub.clone())
            .map_err(|refusal| refusal.cause().clone())
    };
    let token = minter.token().subject("ann").scope("orders:read").mint();
    assert_eq!(ask(&token), Ok("ann".to_owned()));
    let short = minter.token().scope("orders:write").mint();
    assert_eq!(ask(&short), Err(Cause::InsufficientScope));
    hand.set(1_759_313_100);
    let expired = Cause::TokenExpired {
        at: Some(1_759_313_100),
    };
    assert_eq!(ask(&token), Err(expired));
    // Every minter has a key of its own.
    let other = TokenMinter::new().unwrap().token().mint();
    assert_eq!(ask(&other), Err(Cause::invalid_token("wrong signature")));
}
