//! Keys that come and go.

use auth_core::jwt::{Issuer, KeysError, RemoteKeys};
use auth_core::outbound::PlainHttp;
use auth_end_to_end::answer::Answer;
use auth_end_to_end::provider::{AUDIENCE, Provider};
use auth_end_to_end::service::{CACHE_TIME, COOLDOWN, Service};
use auth_end_to_end::token::{part, with_random_kid};
use tokio::task::JoinSet;

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j18_old_and_new_tokens_work_within_one_request_of_the_change() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    let [old, unseen] = [
        provider.token(AUDIENCE).await,
        provider.token(AUDIENCE).await,
    ];
    service.orders(&old).await.is_admitted();
    provider.rotate().await;
    let new = provider.token(AUDIENCE).await;
    assert_ne!(part(&old, 0)["kid"], part(&new, 0)["kid"]);
    for token in [&new, &old, &unseen] {
        service.orders(token).await.is_admitted();
    }
    assert_eq!(provider.asked("jwks").await, 2);
    assert_eq!(provider.asked("discovery").await, 1);
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j18_v5_a_thousand_random_key_ids_cause_one_fetch_in_each_cooldown() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    let known = provider.token(AUDIENCE).await;
    for round in 1..4 {
        service.after(COOLDOWN);
        for _ in 0..20 {
            let mut answers = JoinSet::new();
            for _ in 0..50 {
                answers.spawn(Answer::to(service.request(&with_random_kid(&known))));
            }
            for answer in answers.join_all().await {
                answer.is_refused("invalid_token");
            }
        }
        service.orders(&known).await.is_admitted();
        // One at the start.
        assert_eq!(provider.asked("jwks").await, 1 + round);
    }
}

#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j18_a_withdrawn_key_stops_working_after_the_cache_time() {
    let provider = Provider::fresh().await;
    let service = Service::of(&provider).await;
    let old = provider.token(AUDIENCE).await;
    provider.rotate().await;
    let new = provider.token(AUDIENCE).await;
    for token in [&old, &new] {
        service.orders(token).await.is_admitted();
    }
    provider.withdraw().await;
    service.orders(&old).await.is_admitted();
    service.after(CACHE_TIME);
    service.orders(&old).await.is_refused("invalid_token");
    service.orders(&new).await.is_admitted();
}

/// Neither by another name nor with a slash: what its tokens say in `iss` is its name.
#[tokio::test]
#[ignore = "needs the identity provider: tests/end-to-end/run.sh"]
async fn j2_keys_of_the_very_issuer_only() {
    let provider = Provider::fresh().await;
    let keys_of = async |issuer: String| {
        let keys = RemoteKeys::discover(Issuer::new(issuer));
        keys.with_plain_http(PlainHttp::OnLoopback).start().await
    };
    let name = provider.issuer();
    for other in [format!("{name}/"), name.replace("127.0.0.1", "127.1")] {
        let error = keys_of(other).await.unwrap_err();
        assert_eq!(error, KeysError::OtherIssuer);
    }
    assert!(keys_of(name.to_owned()).await.is_ok());
    assert_eq!(provider.asked("jwks").await, 1);
}
