//! Tokens that this service takes back, whatever the provider says of them.

use auth_core::Revocation;
use auth_core::store::Revocations;
use auth_end_to_end::provider::{APP, AUDIENCE, OPAQUE, Provider};
use auth_end_to_end::service::{Plan, Service};
use auth_end_to_end::token::part;
use auth_end_to_end::until;

async fn service(provider: &Provider, revocations: &Revocations) -> Service {
    let plan = Plan {
        revocation: Revocation::by(revocations.clone()),
        ..Plan::of(provider)
    };
    Service::start(plan).await
}

/// At once, although the token is in the cache; and after a restart.
#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn v21_a_jwt_that_was_taken_back_is_refused_at_once_and_after_a_restart() {
    let provider = Provider::fresh().await;
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path().join("revocations");
    let revocations = Revocations::create(&path).unwrap();
    let [mine, other] = [
        provider.token(AUDIENCE).await,
        provider.token(AUDIENCE).await,
    ];
    {
        let service = service(&provider, &revocations).await;
        service.orders(&mine).await.is_admitted();
        let claims = part(&mine, 1);
        let (jti, exp) = (
            claims["jti"].as_str().unwrap(),
            claims["exp"].as_u64().unwrap(),
        );
        revocations
            .revoke_token(provider.issuer(), jti, exp)
            .unwrap();
        service.orders(&mine).await.is_refused("token_revoked");
        service.orders(&other).await.is_admitted();
    }
    drop(revocations);
    // Until the connections to the first one are closed, it has the file.
    let mut opened = None;
    until("the store is let go", async || {
        opened = Revocations::open(&path).ok();
        opened.is_some()
    })
    .await;
    let revocations = opened.unwrap();
    let service = service(&provider, &revocations).await;
    service.orders(&mine).await.is_refused("token_revoked");
    service.orders(&other).await.is_admitted();
}

/// JWTs and opaque tokens, those that the service has seen and those that it has not.
#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn v21_all_tokens_of_an_application_are_taken_back_at_once() {
    let provider = Provider::fresh().await;
    let directory = tempfile::tempdir().unwrap();
    let revocations = Revocations::builder().admitting_tokens_without_jti();
    let revocations = revocations
        .create(directory.path().join("revocations"))
        .unwrap();
    let service = service(&provider, &revocations).await;
    let theirs = [
        provider.token(AUDIENCE).await,
        provider.token(AUDIENCE).await,
        provider.token(OPAQUE).await,
        provider.token(OPAQUE).await,
    ];
    let others = [
        provider.token_of("mfa-app", AUDIENCE).await,
        provider.token_of("mfa-app", OPAQUE).await,
    ];
    for seen in [&theirs[0], &theirs[2], &others[0], &others[1]] {
        service.orders(seen).await.is_admitted();
    }
    // By the clock of the provider, which wrote `iat`.
    let issued = part(&theirs[1], 1)["exp"].as_u64().unwrap();
    revocations
        .revoke_subject(provider.issuer(), APP, issued, issued)
        .unwrap();
    for token in &theirs {
        service.orders(token).await.is_refused("token_revoked");
    }
    for token in &others {
        service.orders(token).await.is_admitted();
    }
}
