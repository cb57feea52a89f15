//! An issuer that withdraws all its keys is believed (J-17, J-18): nothing of the last set counts any more.

use auth_core::jwt::KeysError;
use auth_tests::provider::{Fault, KEYS, Provider, Signer};
use serde_json::{Value, json};

use super::{Service, of};

/// When keys are refreshed whose cache time is 15 minutes, in seconds.
const REFRESH: u64 = 12 * 60;

/// Well-formed sets, none of which has a key that could be used.
fn without_usable_keys() -> [Vec<Value>; 4] {
    let key = Signer::new("ES256", "a");
    [
        vec![],
        vec![json!({"kty": "unheard of", "kid": "a"})],
        vec![key.jwk_but("use", json!("enc")), json!(null)],
        vec![Signer::new("ES384", "a").jwk_but("alg", json!("ES512"))],
    ]
}

#[tokio::test]
async fn j18_a_set_without_usable_keys_ends_the_last_ones_at_once() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let (known, unseen) = (
        signer.token(&provider.issuer()),
        Signer::new("ES256", "new").token(&provider.issuer()),
    );
    for set in without_usable_keys() {
        provider.publish(&[&signer]);
        let service = Service::of(&provider).await;
        assert!(service.admits(&known).await);
        provider.publish_set(&set);
        service.after(REFRESH);
        service.settled(1).await;
        // Its cache time is not over, and the token is in memory.
        assert_eq!(service.cannot_judge(&known).await, 1, "{set:?}");
        assert_eq!(service.cannot_judge(&unseen).await, 1, "{set:?}");
        let health = service.keys.health();
        let found = set.len();
        assert_eq!(health.last_error, Some(KeysError::NoUsableKey { found }));
        assert_eq!((health.usable, health.keys), (false, 0));
        assert_eq!(
            health.to_string(),
            format!(
                "0 keys, confirmed 0 s ago, 1 failed attempts ({}), next attempt in 1 s",
                KeysError::NoUsableKey { found }
            )
        );

        // Failures do not bring them back.
        provider.fail(KEYS, Fault::status(500));
        service.after(1);
        service.settled(2).await;
        assert_eq!(service.cannot_judge(&known).await, 2);
        provider.heal(KEYS);
        provider.publish(&[&signer]);
        service.after(2);
        service.settled(0).await;
        assert!(service.admits(&known).await, "{set:?}");
    }
}

#[tokio::test]
async fn j18_so_does_one_that_a_token_has_asked_for() {
    let [old, new] = ["old", "new"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[&old]).await;
    let service = Service::of(&provider).await;
    let issuer = provider.issuer();
    provider.publish(&[]);
    service.cannot_judge(&new.token(&issuer)).await;
    service.cannot_judge(&old.token(&issuer)).await;
    assert_eq!(provider.count(KEYS), 2);
}

#[tokio::test]
async fn j18_and_one_at_the_start() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[]).await;
    let error = of(&provider).0.start().await.unwrap_err();
    assert_eq!(error, KeysError::NoUsableKey { found: 0 });
    let (keys, hand) = of(&provider);
    let service = Service::over(keys.start_without_keys().unwrap(), hand);
    let token = signer.token(&provider.issuer());
    assert_eq!(service.cannot_judge(&token).await, 1);
    provider.publish(&[&signer]);
    service.after(1);
    assert!(service.admits(&token).await);
}
