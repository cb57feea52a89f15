//! Sets in which not every key is good: the others count (J-13, J-16, J-17).

use auth_tests::provider::{KEYS, METADATA, Provider, Signer, claims};
use serde_json::{Value, json};

use super::{Service, of};
use auth_core::jwt::KeysError;

/// Of the sizes that are refused, as anybody may publish them.
fn rsa_of(octets: usize, exponent: &str) -> Value {
    use auth_tests::tokens::encoded;
    json!({"kty": "RSA", "alg": "RS256", "kid": "odd", "n": encoded(vec![0xff; octets]), "e": exponent})
}

#[tokio::test]
async fn j16_a_key_that_is_not_for_this_is_not_used() {
    let [good, odd] = ["good", "odd"].map(|kid| Signer::new("ES256", kid));
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    for (name, value, used) in [
        ("use", json!("enc"), false),
        ("use", json!(""), false),
        ("use", json!(null), true),
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["sign", "verify"]), true),
        ("key_ops", json!(["encrypt"]), false),
        ("key_ops", json!([]), false),
        ("alg", json!("ES384"), false),
        ("alg", json!("ECDH-ES"), false),
        ("alg", json!("HS256"), false),
        ("alg", json!("none"), false),
        ("x5t", json!("anything"), true),
    ] {
        provider.publish_set(&[odd.jwk_but(name, value.clone()), good.jwk()]);
        let service = Service::of(&provider).await;
        assert_eq!(
            service.admits(&odd.token(&issuer)).await,
            used,
            "{name}: {value}"
        );
        assert!(
            service.admits(&good.token(&issuer)).await,
            "{name}: {value}"
        );
    }
}

#[tokio::test]
async fn j13_j17_no_odd_key_spoils_the_set() {
    let good = Signer::new("ES256", "good");
    let odd = Signer::new("ES256", "odd");
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    let rows = [
        json!(null),
        json!(7),
        json!("key"),
        json!([]),
        json!({}),
        json!({"kty": "unknown", "kid": "odd"}),
        json!({"kty": 1}),
        json!({"kty": "oct", "alg": "HS256", "kid": "odd", "k": "AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T"}),
        odd.jwk_but("crv", json!("P-521")),
        odd.jwk_but("crv", json!("secp256k1")),
        odd.jwk_but("kty", json!("EC2")),
        odd.jwk_but("x", json!("")),
        odd.jwk_but("x", json!(null)),
        odd.jwk_but("x", json!(5)),
        odd.jwk_but("y", json!("AAAA")),
        odd.jwk_but("y", odd.jwk()["x"].clone()),
        odd.jwk_but("d", json!("AAAA")),
        odd.jwk_but("key_ops", json!("verify")),
        odd.jwk_but("kid", json!(1)),
        odd.jwk_but("kid", json!("k".repeat(257))),
        rsa_of(128, "AQAB"),
        rsa_of(255, "AQAB"),
        rsa_of(513, "AQAB"),
        rsa_of(1025, "AQAB"),
        rsa_of(256, "Aw"),
        rsa_of(256, "AQAC"),
        rsa_of(256, "AgAB"),
        rsa_of(256, ""),
    ];
    for row in rows {
        provider.publish_set(&[row.clone(), good.jwk(), row.clone()]);
        let service = Service::of(&provider).await;
        assert_eq!(service.keys.health().keys, 1, "{row}");
        assert!(service.admits(&good.token(&issuer)).await, "{row}");
        assert!(!service.admits(&odd.token(&issuer)).await, "{row}");
        // Alone it is no set.
        provider.publish_set(std::slice::from_ref(&row));
        let alone = of(&provider).0.start().await.unwrap_err();
        assert_eq!(alone, KeysError::NoUsableKey { found: 1 }, "{row}");
    }
}

#[tokio::test]
async fn j17_names_that_occur_twice_spoil_their_key_only() {
    let good = Signer::new("ES256", "good");
    let provider = Provider::with(&[]).await;
    let doubled = r#"{"kty": "EC", "kty": "EC", "kid": "odd"}"#;
    let set = format!(
        r#"{{"keys": [{doubled}, {}], "more": {{"a": 1, "a": 2}}}}"#,
        good.jwk()
    );
    provider.route(KEYS, move |_| {
        auth_tests::provider::Reply::new(200, "text/plain", set.clone())
    });
    let service = Service::of(&provider).await;
    assert!(service.admits(&good.token(&provider.issuer())).await);
}

#[tokio::test]
async fn j17_of_keys_with_the_same_name_each_is_tried() {
    let issuer_of = Provider::issuer;
    let same = ["ES256", "ES256", "EdDSA", "RS256"].map(|alg| Signer::new(alg, "same"));
    let nameless = Signer::new("ES384", "any");
    let provider = Provider::with(&[]).await;
    let issuer = issuer_of(&provider);
    let mut set: Vec<Value> = same.iter().map(Signer::jwk).collect();
    set.push(nameless.jwk_but("kid", json!(null)));
    // The same key again is the same key.
    set.push(same[0].jwk());
    provider.publish_set(&set);
    let service = Service::of(&provider).await;
    assert_eq!(service.keys.health().keys, 5);
    for signer in &same {
        assert!(
            service.admits(&signer.token(&issuer)).await,
            "{}",
            signer.alg()
        );
        let anonymous = signer.sign(&signer.header_but("kid", json!(null)), &claims(&issuer));
        assert!(service.admits(&anonymous).await, "{}", signer.alg());
    }
    assert!(service.admits(&nameless.token(&issuer)).await);
    let other = Signer::new("ES256", "same");
    assert!(!service.admits(&other.token(&issuer)).await);
    assert_eq!(provider.count(KEYS), 1);
}

/// What a provider may make every forged token cost is bounded.
#[tokio::test]
async fn j13_v24_rsa_keys_of_4096_bits_and_17_bit_exponents_are_the_largest_that_are_fetched() {
    let provider = Provider::with(&[]).await;
    for (key, taken) in [
        (rsa_of(512, "Af__"), true),
        (rsa_of(513, "Af__"), false),
        (rsa_of(512, "AgAB"), false),
    ] {
        provider.publish_set(std::slice::from_ref(&key));
        assert_eq!(of(&provider).0.start().await.is_ok(), taken, "{key}");
    }
}

#[tokio::test]
async fn j17_v24_the_key_that_is_named_is_tried_first_and_of_others_8_at_most() {
    let keys: Vec<Signer> = (0..9).map(|_| Signer::new("ES256", "any")).collect();
    let named = Signer::new("ES256", "named");
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    let nameless = keys.iter().map(|key| key.jwk_but("kid", json!(null)));
    let set: Vec<Value> = nameless.chain([named.jwk()]).collect();
    provider.publish_set(&set);
    let service = Service::of(&provider).await;
    assert_eq!(service.keys.health().keys, 10);
    assert!(service.admits(&named.token(&issuer)).await);
    for (n, key) in keys.iter().enumerate() {
        let anonymous = key.sign(&key.header_but("kid", json!(null)), &claims(&issuer));
        assert_eq!(service.admits(&anonymous).await, n < 8, "{n}");
        // The one that is named is among the 8.
        let borrowed = key.sign(&key.header_but("kid", json!("named")), &claims(&issuer));
        assert_eq!(service.admits(&borrowed).await, n < 7, "{n}");
    }
}

#[tokio::test]
async fn v24_of_too_many_keys_the_first_usable_ones_count() {
    let signers: Vec<Signer> = (0..8)
        .map(|n| Signer::new("ES256", &n.to_string()))
        .collect();
    let provider = Provider::with(&[]).await;
    let issuer = provider.issuer();
    let odd = (0..500).map(|_| json!({"kty": "unknown"}));
    let set: Vec<Value> = odd.chain(signers.iter().map(Signer::jwk)).collect();
    provider.publish_set(&set);
    let service = Service::with(&provider, |keys| keys.with_max_keys(5)).await;
    assert_eq!(service.keys.health().keys, 5);
    for (n, signer) in signers.iter().enumerate() {
        assert_eq!(service.admits(&signer.token(&issuer)).await, n < 5, "{n}");
    }
    assert_eq!(provider.count(METADATA), 1);
}
