//! Where keys come from: metadata, or an address that is given.

use auth_core::jwt::{
    Algorithm, AnswerError, Audience, Issuer, JwtError, JwtVerifier, KeysError, RemoteKeys,
};
use auth_core::outbound::{AddressError, FetchError, PlainHttp};
use auth_core::{ClockHand, Revocation};
use auth_tests::provider::{Fault, KEYS, METADATA, Provider, Signer, claims};
use auth_tests::tokens::AUDIENCE;
use http::StatusCode;
use serde_json::json;

use super::{Claims, Service, of};

const OAUTH: &str = "/.well-known/oauth-authorization-server";

#[tokio::test]
async fn tokens_of_every_algorithm_are_admitted_with_keys_that_were_discovered() {
    let signers = Signer::all();
    let provider = Provider::with(&signers.each_ref()).await;
    let service = Service::of(&provider).await;
    for signer in &signers {
        let token = signer.token(&provider.issuer());
        assert_eq!(
            service.ask(&token).await.unwrap(),
            "ada",
            "{}",
            signer.alg()
        );
        // The very key, not only its kind.
        let other = Signer::new(signer.alg(), signer.kid()).token(&provider.issuer());
        assert!(!service.admits(&other).await, "{}", signer.alg());
    }
    assert_eq!((provider.count(METADATA), provider.count(KEYS)), (1, 1));
    let health = service.keys.health();
    assert_eq!((health.usable, health.keys, health.failures), (true, 5, 0));
}

#[tokio::test]
async fn keys_at_an_address_need_no_metadata() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let keys = RemoteKeys::at(Issuer::new("urn:any:issuer"), provider.url(KEYS))
        .with_plain_http(PlainHttp::OnLoopback);
    let (_, hand) = of(&provider);
    let service = Service::over(keys.start().await.unwrap(), hand);
    assert!(service.admits(&signer.token("urn:any:issuer")).await);
    assert_eq!(provider.count_all(), provider.count(KEYS));
}

/// An issuer with a path, and what is at its three places.
async fn found(provider: &Provider) -> Result<(RemoteKeys, ClockHand), KeysError> {
    let issuer = Issuer::new(provider.url("/tenant"));
    let keys = RemoteKeys::discover(issuer).with_plain_http(PlainHttp::OnLoopback);
    keys.start().await.map(|keys| (keys, of(provider).1))
}

#[tokio::test]
async fn metadata_is_found_at_each_place_of_rfc_8414_and_openid_in_this_order() {
    let signer = Signer::new("ES256", "a");
    let places = [
        format!("{OAUTH}/tenant"),
        format!("/tenant{METADATA}"),
        format!("{METADATA}/tenant"),
    ];
    for (position, place) in places.iter().enumerate() {
        let provider = Provider::bare().await;
        provider.publish(&[&signer]);
        let issuer = provider.url("/tenant");
        provider.describe(place, &issuer, &provider.url(KEYS));
        let (keys, hand) = found(&provider).await.unwrap();
        assert!(
            Service::over(keys, hand)
                .admits(&signer.token(&issuer))
                .await
        );
        let asked = places.each_ref().map(|place| provider.count(place));
        let expected: [usize; 3] = std::array::from_fn(|at| usize::from(at <= position));
        assert_eq!(asked, expected);
    }
    let nowhere = Provider::bare().await;
    assert_eq!(
        found(&nowhere).await.unwrap_err(),
        KeysError::Metadata(AnswerError::Status(StatusCode::NOT_FOUND))
    );
    assert_eq!(nowhere.count_all(), 3);
}

#[tokio::test]
async fn what_stands_at_a_wrong_place_does_not_hide_the_right_one() {
    let signer = Signer::new("ES256", "a");
    let elsewhere = Provider::with(&[&signer]).await;
    for fault in [
        Fault::status(400),
        Fault::status(403),
        Fault::body("<!doctype html><p>Welcome"),
        Fault::body(
            json!({"issuer": "https://other.example", "jwks_uri": "https://other.example"})
                .to_string(),
        ),
        Fault::redirect(&elsewhere.url("/login")),
    ] {
        let provider = Provider::bare().await;
        provider.publish(&[&signer]);
        let place = format!("/tenant{METADATA}");
        provider.describe(&place, &provider.url("/tenant"), &provider.url(KEYS));
        provider.fail(&format!("{OAUTH}/tenant"), fault.clone());
        assert!(found(&provider).await.is_ok(), "{fault:?}");
    }
    // Where the provider itself is in trouble, nothing else is tried.
    for status in [500, 503, 429] {
        let provider = Provider::bare().await;
        provider.fail(&format!("{OAUTH}/tenant"), Fault::status(status));
        let status = StatusCode::from_u16(status).unwrap();
        let expected = KeysError::Metadata(AnswerError::Status(status));
        assert_eq!(found(&provider).await.unwrap_err(), expected);
        assert_eq!(provider.count_all(), 1);
    }
    assert_eq!(elsewhere.count_all(), 0);
}

#[tokio::test]
async fn v4_metadata_of_another_issuer_is_not_used() {
    let signer = Signer::new("ES256", "a");
    let provider = Provider::with(&[&signer]).await;
    let issuer = provider.issuer();
    for other in [
        format!("{issuer}/"),
        issuer.to_uppercase(),
        issuer.replace("127.0.0.1", "localhost"),
        "https://login.example.com".to_owned(),
        String::new(),
    ] {
        provider.describe(METADATA, &other, &provider.url(KEYS));
        let error = of(&provider).0.start().await.unwrap_err();
        assert_eq!(error, KeysError::OtherIssuer, "{other}");
    }
    assert_eq!(provider.count(KEYS), 0);
    provider.describe(METADATA, &issuer, &provider.url(KEYS));
    assert!(of(&provider).0.start().await.is_ok());
}

#[tokio::test]
async fn v4_metadata_cannot_send_us_anywhere() {
    let provider = Provider::with(&[]).await;
    for (address, error) in [
        ("file:///etc/passwd", AddressError::NotHttps),
        (
            "data:application/json,{\"keys\":[]}",
            AddressError::NotHttps,
        ),
        ("ftp://127.0.0.1/jwks", AddressError::NotHttps),
        (
            "http://169.254.169.254/latest/meta-data",
            AddressError::NotOnLoopback,
        ),
        ("http://login.example.com/jwks", AddressError::NotOnLoopback),
        ("https://a:b@login.example.com/jwks", AddressError::UserInfo),
        ("//login.example.com/jwks", AddressError::NotAUrl),
        ("/jwks", AddressError::NotAUrl),
        ("", AddressError::NotAUrl),
    ] {
        provider.describe(METADATA, &provider.issuer(), address);
        let found = of(&provider).0.start().await.unwrap_err();
        assert_eq!(found, KeysError::NamedAddress(error), "{address}");
    }
    assert_eq!(provider.count(KEYS), 0);
}

#[tokio::test]
async fn v4_a_redirect_is_not_followed() {
    let signer = Signer::new("ES256", "a");
    let elsewhere = Provider::with(&[&signer]).await;
    for status in [301, 302, 303, 307, 308] {
        let provider = Provider::with(&[&signer]).await;
        for (path, error) in [
            (KEYS, KeysError::Keys as fn(AnswerError) -> KeysError),
            (METADATA, KeysError::Metadata),
        ] {
            let reply = auth_tests::provider::Reply::new(status, "text/plain", "");
            let reply = reply.with("location", &elsewhere.url(path));
            provider.fail(path, Fault::Reply(reply));
            let status = StatusCode::from_u16(status).unwrap();
            let expected = error(AnswerError::None(FetchError::Redirect(status)));
            assert_eq!(of(&provider).0.start().await.unwrap_err(), expected);
        }
    }
    assert_eq!(elsewhere.count_all(), 0);
}

#[tokio::test]
async fn v1_what_does_not_work_is_said_at_the_start() {
    let issuer = || Issuer::new("https://login.example.com");
    let refused = |keys: auth_core::jwt::RemoteKeysBuilder| keys.start_without_keys().unwrap_err();
    for algorithm in [Algorithm::HS256, Algorithm::HS384, Algorithm::HS512] {
        let keys = RemoteKeys::discover(issuer());
        let keys = keys.with_algorithms([Algorithm::ES256, algorithm]);
        assert_eq!(refused(keys), KeysError::SharedSecret(algorithm));
    }
    let keys = RemoteKeys::discover(issuer()).with_algorithms([]);
    assert_eq!(refused(keys), KeysError::NoAlgorithms);
    let keys = RemoteKeys::discover(Issuer::new(" "));
    assert_eq!(refused(keys), KeysError::EmptyIssuer);
    let (hour, day) = (
        core::time::Duration::from_hours(1),
        core::time::Duration::from_hours(24),
    );
    let keys = RemoteKeys::discover(issuer()).with_cache_times(day, hour);
    assert_eq!(refused(keys), KeysError::CacheTimes);
    let keys = RemoteKeys::at(issuer(), "http://login.example.com/jwks");
    let keys = keys.with_plain_http(PlainHttp::OnLoopback);
    assert_eq!(
        refused(keys),
        KeysError::KeysAddress(AddressError::NotOnLoopback)
    );
    let keys = RemoteKeys::at(issuer(), "file:///etc/jwks");
    assert_eq!(
        refused(keys),
        KeysError::KeysAddress(AddressError::NotHttps)
    );

    // The short form takes no plain HTTP.
    let provider = Provider::with(&[]).await;
    let short = JwtVerifier::<Claims>::discover(
        Issuer::new(provider.issuer()),
        Audience::new(AUDIENCE),
        Revocation::None,
    );
    assert_eq!(
        short.await.unwrap_err(),
        JwtError::RemoteKeys(KeysError::IssuerAddress(AddressError::PlainHttp))
    );
    assert_eq!(provider.count_all(), 0);
}

#[test]
fn without_a_runtime_there_is_an_error_and_no_panic() {
    let keys = RemoteKeys::discover(Issuer::new("https://login.example.com"));
    assert_eq!(keys.start_without_keys().unwrap_err(), KeysError::NoRuntime);
}

/// A key without `alg` serves one algorithm, whatever the token says.
#[tokio::test]
async fn v1_a_key_without_alg_is_pinned_when_it_is_read() {
    let signers = Signer::all();
    let provider = Provider::bare().await;
    provider.describe(METADATA, &provider.issuer(), &provider.url(KEYS));
    let bare = |signer: &Signer| signer.jwk_but("alg", json!(null));
    provider.publish_set(&signers.each_ref().map(bare));
    let [rs, ps, es, es384, ed] = &signers;
    let issuer = provider.issuer();
    let by_default = Service::of(&provider).await;
    for signer in [rs, es, es384, ed] {
        assert!(
            by_default.admits(&signer.token(&issuer)).await,
            "{}",
            signer.alg()
        );
    }
    by_default.knows_no_key_for(&ps.token(&issuer)).await;
    // The list decides.
    let pss = Service::with(&provider, |keys| {
        keys.with_algorithms([Algorithm::PS256, Algorithm::RS256, Algorithm::ES256])
    })
    .await;
    assert!(pss.admits(&ps.token(&issuer)).await);
    assert!(!pss.admits(&rs.token(&issuer)).await);
    assert!(!pss.admits(&ed.token(&issuer)).await);
    // The public key as a secret, under every name of an algorithm.
    let forged = auth_tests::tokens::hmac(
        bare(es).to_string().as_bytes(),
        &json!({"alg": "HS256", "typ": "at+jwt", "kid": es.kid()}).to_string(),
        &claims(&issuer).to_string(),
    );
    assert_eq!(by_default.ask(&forged).await.unwrap_err().status(), 401);
    let renamed = es384.sign(&es.header(), &claims(&issuer));
    assert!(!by_default.admits(&renamed).await);
}
