//! Keys and tokens without a `kid`: a wrong signature may mean that the right key is not there yet (J-18, V5).

use auth_core::Cause;
use auth_tests::provider::{Fault, KEYS, Provider, Signer, claims};
use serde_json::{Value, json};

use super::Service;

const COOLDOWN: u64 = 30;

fn nameless(signer: &Signer) -> Value {
    signer.jwk_but("kid", json!(null))
}

/// Without a `kid`.
fn anonymous(signer: &Signer, issuer: &str) -> String {
    signer.sign(&signer.header_but("kid", json!(null)), &claims(issuer))
}

async fn is_wrong(service: &Service, token: &str) {
    let refusal = service.ask(token).await.unwrap_err();
    assert_eq!(refusal.cause(), &Cause::invalid_token("wrong signature"));
}

#[tokio::test]
async fn j18_a_nameless_key_does_not_hide_that_a_named_one_is_new() {
    let [old, any, new] = ["old", "any", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    provider.publish_set(&[old.jwk(), nameless(&any)]);
    let service = Service::of(&provider).await;
    provider.publish_set(&[old.jwk(), nameless(&any), new.jwk()]);
    assert!(service.admits(&new.token(&issuer)).await);
    assert_eq!(provider.count(KEYS), 2);
}

#[tokio::test]
async fn j18_without_any_kid_a_new_key_works_with_its_first_token() {
    let [old, new, next] = ["old", "new", "next"].map(|kid| Signer::new("RS256", kid));
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    provider.publish_set(&[nameless(&old)]);
    let service = Service::of(&provider).await;
    assert!(service.admits(&anonymous(&old, &issuer)).await);
    provider.publish_set(&[nameless(&new)]);
    assert!(service.admits(&anonymous(&new, &issuer)).await);
    is_wrong(&service, &anonymous(&old, &issuer)).await;
    assert_eq!(provider.count(KEYS), 2);
    // The keys have names, and the tokens do not say them.
    provider.publish(&[&next]);
    service.after(COOLDOWN);
    assert!(service.admits(&anonymous(&next, &issuer)).await);
    assert_eq!(provider.count(KEYS), 3);
}

#[tokio::test]
async fn j18_v5_forged_tokens_cause_one_fetch_in_each_cooldown_and_none_by_a_known_name() {
    let [signer, any] = ["a", "any"].map(|kid| Signer::new("ES256", kid));
    let [forger, stranger] = ["a", "b"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    provider.publish_set(&[signer.jwk(), nameless(&any)]);
    let service = Service::of(&provider).await;
    let by_known_name = forger.token(&issuer);
    for _ in 0..100 {
        is_wrong(&service, &by_known_name).await;
    }
    // What could not be admitted with any key is not worth a question.
    is_wrong(&service, &anonymous(&stranger, "https://unknown.example")).await;
    let typed = stranger.header_but("typ", json!("JWT"));
    is_wrong(&service, &stranger.sign(&typed, &claims(&issuer))).await;
    assert_eq!(provider.count(KEYS), 1);
    for round in 2..5 {
        for token in [anonymous(&stranger, &issuer), stranger.token(&issuer)] {
            for _ in 0..100 {
                is_wrong(&service, &token).await;
            }
        }
        assert_eq!(provider.count(KEYS), round);
        assert!(service.admits(&anonymous(&signer, &issuer)).await);
        service.after(COOLDOWN);
    }
}

#[tokio::test]
async fn v9_while_the_issuer_fails_they_are_wrong_and_nobody_is_asked() {
    let [signer, stranger] = ["a", "b"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    provider.publish_set(&[nameless(&signer)]);
    let service = Service::of(&provider).await;
    provider.fail(KEYS, Fault::status(500));
    for _ in 0..100 {
        is_wrong(&service, &anonymous(&stranger, &issuer)).await;
        is_wrong(&service, &stranger.token(&issuer)).await;
    }
    assert_eq!(provider.count(KEYS), 2);
    assert!(service.admits(&anonymous(&signer, &issuer)).await);
}
