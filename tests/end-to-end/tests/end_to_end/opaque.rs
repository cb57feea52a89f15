//! Opaque tokens, by introspection.

use auth_core::Secret;
use auth_core::introspection::{ClientAuth, SigningKey};
use auth_core::jwt::Algorithm;
use auth_end_to_end::provider::{OPAQUE, Provider};
use auth_end_to_end::service::{ACTIVE_TIME, Plan, Service};

/// The service asks as this client.
async fn introspects_as(provider: &Provider, client: ClientAuth) {
    let plan = Plan {
        client,
        ..Plan::of(provider)
    };
    let service = Service::start(plan).await;
    let token = provider.token(OPAQUE).await;
    let answer = service.orders(&token).await;
    answer.is_admitted();
    assert_eq!(answer.body, "the orders of orders-app");
    service.orders(&token).await.is_admitted();
    // I-4: remembered.
    assert_eq!(provider.asked("introspection").await, 1);
    service.orders("unknown").await.is_refused("invalid_token");
    assert_eq!(provider.asked("introspection").await, 2);
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn i1_as_a_client_with_a_secret_in_the_field() {
    let provider = Provider::fresh().await;
    let secret = Secret::new("orders-api-secret".to_owned());
    introspects_as(&provider, ClientAuth::basic("orders-api", secret)).await;
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn i1_as_a_client_with_a_secret_in_the_form() {
    let provider = Provider::fresh().await;
    let secret = Secret::new("orders-api-post-secret".to_owned());
    introspects_as(&provider, ClientAuth::post("orders-api-post", secret)).await;
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn i1_as_a_client_with_a_key() {
    let provider = Provider::fresh().await;
    let key = SigningKey::from_pem(Algorithm::ES256, Provider::client_key()).unwrap();
    let client = ClientAuth::private_key_jwt("orders-api-jwt", provider.issuer(), key);
    introspects_as(&provider, client).await;
}

/// I-5: that is an error of ours, not of the client.
#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn i5_with_a_wrong_secret_it_is_a_server_error() {
    let provider = Provider::fresh().await;
    let plan = Plan {
        client: ClientAuth::basic("orders-api", Secret::new("wrong".to_owned())),
        ..Plan::of(&provider)
    };
    let service = Service::start(plan).await;
    let token = provider.token(OPAQUE).await;
    let answer = service.orders(&token).await;
    assert_eq!(answer.status, 500);
    assert!(!answer.body.contains("introspection"), "{answer:?}");
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn i2_i4_a_token_revoked_at_the_provider_is_refused_after_the_cache_time() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    let [revoked, neighbour] = [provider.token(OPAQUE).await, provider.token(OPAQUE).await];
    for token in [&revoked, &neighbour] {
        service.orders(token).await.is_admitted();
    }
    provider.revoke(&revoked).await;
    service.after(ACTIVE_TIME - 1);
    service.orders(&revoked).await.is_admitted();
    assert_eq!(provider.asked("introspection").await, 2);
    service.after(1);
    service.orders(&revoked).await.is_refused("invalid_token");
    service.orders(&neighbour).await.is_admitted();
    assert_eq!(provider.asked("introspection").await, 4);
}
